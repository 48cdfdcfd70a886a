-- A crowd that looks, BENCH_PACE milliseconds apart on each connection: most at the campaign, some at its progress.
dofile("benchmarks/scripts/common.lua")
local base = os.getenv("BENCH_BASE")
local paths = {base, base, base, base .. "progress/", base .. "progress.json"}
local pace = tonumber(os.getenv("BENCH_PACE"))
function request()
  n = n + 1
  return wrk.format("GET", paths[n % #paths + 1], {["Host"] = host, ["Accept-Encoding"] = "gzip"})
end
function delay()
  return pace
end
