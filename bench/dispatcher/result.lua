-- What wrk found, in one line: requests, microseconds, p50 and p99 in microseconds, failed requests.
function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format("result %d %d %d %d %d", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
