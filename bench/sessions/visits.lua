-- Each thread of wrk has one connection, and a session of its own: the cookies are the arguments. What wrk found as in
-- result.lua.
dofile((debug.getinfo(1, "S").source:sub(2):gsub("[^/]*$", "")) .. "../dispatcher/result.lua")

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  wrk.headers["Cookie"] = args[number]
end
