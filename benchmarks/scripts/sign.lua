dofile("benchmarks/scripts/common.lua")
function request()
  local from = client()
  local who = run .. "-" .. id .. "-" .. n
  local body = "name=Ana+Example+" .. n .. "&email=ana-" .. who .. "%40d" .. (n % 500) .. ".example.org&country=ES&comment=The+river+is+ours.&consent=on"
  return wrk.format("POST", nil, {["Host"] = host, ["X-Forwarded-For"] = from, ["Content-Type"] = "application/x-www-form-urlencoded"}, body)
end
