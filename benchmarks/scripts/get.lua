dofile("benchmarks/scripts/common.lua")
function request()
  return wrk.format("GET", nil, {["Host"] = host, ["X-Forwarded-For"] = client(), ["Accept-Encoding"] = "gzip", ["If-None-Match"] = os.getenv("BENCH_ETAG")})
end
