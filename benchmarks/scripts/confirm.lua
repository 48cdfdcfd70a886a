-- Each link once; when all are used the rest are the last one again, which is an error (409).
dofile("benchmarks/scripts/common.lua")
local paths = {}
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
local body = "name=Ana+Example&country=ES&comment=The+river+is+ours.&consent=on"
function request()
  local from = client()
  return wrk.format("POST", paths[math.min(n, #paths)], {["Host"] = host, ["X-Forwarded-For"] = from, ["Content-Type"] = "application/x-www-form-urlencoded"}, body)
end
