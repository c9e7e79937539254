wrk.method = "POST"
wrk.headers["Content-Type"] = "text/xml"
wrk.body = string.rep("x", 700)
