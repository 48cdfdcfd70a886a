-- Every request comes from a client of its own, through the proxy that the site trusts.
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init(args)
  n = 0
  run = args[1] or "0"
  host = args[2]
end

function client()
  n = n + 1
  return string.format("2001:db8:%x:%x::1", id * 4096 + math.floor(n / 65536), n % 65536)
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    '\nJSON {"requests": %d, "seconds": %.3f, "p50": %.3f, "p99": %.3f, "max": %.3f, "bytes": %d, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3, summary.bytes,
    failed.connect + failed.read + failed.write + failed.status + failed.timeout))
end
