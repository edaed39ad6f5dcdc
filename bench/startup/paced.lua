-- A modest rate: each connection waits about 10 ms before its next request. What wrk found as in result.lua.
dofile((debug.getinfo(1, "S").source:sub(2):gsub("[^/]*$", "")) .. "../dispatcher/result.lua")

function delay()
  return math.random(5, 15)
end
