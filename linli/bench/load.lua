-- Requests from a file, one after the other: GET paths, or forms to send. Results as one JSON line.
-- wrk … -s load.lua URL -- get FILE SEED | post FILE PATH COOKIE SEED
local kind, lines, path, cookie, n = "get", {}, "/", "", 0
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(args)
  kind, path, cookie = args[1], args[3], args[4]
  counts = ""
  seen = {}
  math.randomseed(tonumber(args[#args]) or 1)
  for line in io.lines(args[2]) do
    lines[#lines + 1] = kind == "get" and wrk.format("GET", line) or line
  end
  n = math.random(#lines) -- another stretch of them in each pass
  if kind == "post" then
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    if cookie ~= "" then wrk.headers["Cookie"] = cookie end
    -- Every answer's status is counted: a form that comes back is no success.
    response = function(status)
      seen[status] = (seen[status] or 0) + 1
      counts = ""
      for code, times in pairs(seen) do counts = counts .. code .. ":" .. times .. " " end
    end
  end
end

local function uuid()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx", "x", function()
    return string.format("%x", math.random(0, 15))
  end))
end

function request()
  n = n + 1
  local line = lines[(n - 1) % #lines + 1]
  if kind == "get" then return line end
  -- Another household each time: the limit of messages from one network stays in force.
  wrk.headers["X-Forwarded-For"] = string.format(
    "10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
  return wrk.format("POST", path, nil, line .. "&client_id=" .. uuid())
end

function done(summary, latency)
  local counted = {}
  for _, thread in ipairs(threads) do
    for code, times in string.gmatch(thread:get("counts") or "", "(%d+):(%d+)") do
      counted[#counted + 1] = string.format('"%s":%s', code, times)
    end
  end
  local e = summary.errors
  print(string.format(
    'RESULT {"done":%d,"micros":%d,"bytes":%d,"bad":%d,"broken":%d,"p50":%d,"p99":%d,"statuses":{%s}}',
    summary.requests, summary.duration, summary.bytes, e.status,
    e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99),
    table.concat(counted, ",")))
end
