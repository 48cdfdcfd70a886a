dofile("benchmarks/scripts/common.lua")
local body = "sample=&target=&text=Publish+it%2C+.%40xmpl_ministry%21+%23OpenTheRiverReport"
function request()
  return wrk.format("POST", nil, {["Host"] = host, ["X-Forwarded-For"] = client(), ["Content-Type"] = "application/x-www-form-urlencoded"}, body)
end
