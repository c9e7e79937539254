#!/bin/sh
# Makes the seeds again, from the golden cases and fixtures: tests/fuzz/make_seeds.sh
set -eu
cd "$(dirname "$0")"
tests=..
corpus=corpus
for name in xml json form keys notify_weixin notify_alipay response_weixin response_alipay; do
  rm -rf "${corpus:?}/$name"
  mkdir -p "$corpus/$name"
done

cp "$tests"/fixtures/wechatpay/wechatpay-php/*.xml "$tests"/fixtures/wechatpay/wechatpay-php/*.html "$tests"/fixtures/wechatpay/WxJava/*.xml "$corpus/xml/"
cp "$tests"/fixtures/alipay/easysdk/expectations.json "$tests"/fixtures/wechatpay/derived/bill_expect.json "$corpus/json/"
cp "$tests"/golden/keys/*.p12 "$tests"/golden/keys/*.pem "$tests"/golden/keys/*.b64 "$corpus/keys/"
cp "$tests"/fixtures/alipay/easysdk/java/alipayCertPublicKey_RSA2.crt "$corpus/keys/"

python3 - "$tests/golden/cases" "$corpus" <<'PYTHON'
import base64, gzip, json, pathlib, sys

cases, corpus = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
kept = {"xml": 60, "json": 60, "form": 40}


def bodies(case):
    for wire in [case.get("wireResponse"), *(case.get("wireResponses") or []), case.get("input")]:
        body = wire.get("body") if isinstance(wire, dict) else None
        if not isinstance(body, str) or len(body) > 4000:
            continue
        yield body
        if wire.get("isBase64Encoded"):
            yield base64.b64decode(body).decode("utf-8", "replace")


def kind(body):
    start = body.lstrip()[:1]
    if start == "<":
        return "xml"
    return "json" if start == "{" else "form" if "=" in body else None


def save(name, stem, content):
    (corpus / name / stem).write_bytes(content if isinstance(content, bytes) else content.encode())


for path in sorted(cases.glob("*.json")):
    for body in bodies(json.loads(path.read_text())):
        name = kind(body)
        if name and kept[name] > 0:
            kept[name] -= 1
            save(name, path.stem, body)

for path in sorted(cases.glob("*.json")):
    case = json.loads(path.read_text())
    platform = "weixin" if case["provider"] == "weixin" else "alipay"
    if case["method"].startswith("verify"):
        body = case["input"].get("body") or ""
        if len(body) < 3000:
            save("notify_" + platform, path.stem, body)
    answer = case.get("wireResponse")
    body = answer.get("body") if isinstance(answer, dict) else None
    if not body or len(body) > 3000 or case["method"] in ("downloadBill", "downloadFundflow"):
        continue
    save("response_" + platform, path.stem, body)
    if platform == "alipay" and body.startswith("{"):
        node = next(iter(json.loads(body).values()))
        save("response_alipay", path.stem + "-node", json.dumps(node, ensure_ascii=False, separators=(",", ":")) + "0")

save("response_weixin", "bill", "\ufeffa,b\r\n`1,`2\r\n")
save("response_weixin", "bill-gzip", gzip.compress(b"a bill, a bill, a bill", mtime=0))
save("xml", "parts", "<?xml version='1.0' encoding='utf-8'?>\n<xml><!-- c --><a> <![CDATA[x]]> &#x20AC;&lt;<!----></a ><b/><c>\r\n</c></xml>")
save("xml", "root", "<root><out_refund_no><![CDATA[R1]]></out_refund_no></root>")
save("json", "values", '{"a":[1,-2.50,1e400,true,false,null,"\\u5b63\\ud83d\\ude00\\n"],"\\u0073ign":"s","o":{"x":{}}}')
save("json", "deep", '{"a":' + "[" * 63 + "]" * 63 + "}")
save("form", "escapes", "a=%E5%AD%A3+x&b=&c&d=%2525")
save("form", "gbk", b"a=\xd6\xd0\xce\xc4&b=\x94\x39\xfc\x36")
save("form", "gzip", gzip.compress(b"a bill, a bill, a bill", mtime=0))
PYTHON
du -sk "$corpus" | cut -f1
