// gen_bill FILE BYTES: a WeChat trade bill (ALL) with realistic rows and a summary that agrees with them: back-ticks, CRLF, UTF-8 BOM
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
static uint64_t s = 88172645463325252ULL;
static uint64_t rnd(void) { s ^= s << 13; s ^= s >> 7; s ^= s << 17; return s; }
int main(int c, char** v) {
  if (c != 3) return 2;
  FILE* f = fopen(v[1], "wb");
  if (!f) return 1;
  static char buf[1 << 20];
  setvbuf(f, buf, _IOFBF, sizeof buf);
  long long lim = atoll(v[2]), n = 0, rows = 0, paid = 0, back = 0, fee = 0;
  const char* banks[] = {"CMB_CREDIT", "ICBC_DEBIT", "CCB_DEBIT", "OTHERS", "ABC_DEBIT", "BOC_CREDIT", "CFT"};
  const char* ty[] = {"JSAPI", "APP", "NATIVE", "MWEB", "MICROPAY"};
  const char* goods[] = {"腾讯充值中心-QQ会员充值", "被扫支付测试", "商品名称，规格：红/XL", "会员年卡", "咖啡🍜套餐"};
  n += fprintf(f, "\xEF\xBB\xBF交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n");
  while (n < lim - 400) {
    uint64_t a = rnd(), b = rnd();
    long yu = (long)(a % 500000) + 1, pay = b % 20 ? yu : 0, ref = yu - pay, cost = pay * 6;
    paid += pay; back += ref; fee += cost; rows++;
    n += fprintf(f, "`2023-11-%02d %02d:%02d:%02d,`wx2421b1c4370ec43b,`10000100,`0,`WEB,`42000019932023%014llu,`2023%016llu,`oUpF8u%08x%08x%04x,`%s,`%s,`%s,`CNY,`%ld.%02ld,`0.00,`%s%s,`%s%s,`%ld.%02ld,`0.00,`%s,`%s,`%s,`{\"uid\":\"%llu\"},`%ld.%05ld,`0.60%%,`%ld.%02ld,`%ld.%02ld,`\r\n",
                 (int)(a % 28 + 1), (int)((a >> 8) % 24), (int)((a >> 16) % 60), (int)((a >> 24) % 60), (unsigned long long)(b % 100000000000000ULL),
                 (unsigned long long)(rnd() % 10000000000000000ULL), (unsigned)a, (unsigned)b, (unsigned)(a >> 40) & 0xffff, ty[a % 5], ref ? "REFUND" : "SUCCESS", banks[b % 7],
                 pay / 100, pay % 100, ref ? "50000" : "0", ref ? "408942018111907145868882" : "", ref ? "R2023" : "0", ref ? "1118111916104427" : "", ref / 100, ref % 100,
                 ref ? "ORIGINAL" : "", ref ? "SUCCESS" : "", goods[a % 5], (unsigned long long)(b % 100000000), cost / 100000, cost % 100000, pay / 100, pay % 100, ref / 100, ref % 100);
  }
  n += fprintf(f, "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`%lld,`%lld.%02lld,`%lld.%02lld,`0.00,`%lld.%05lld,`%lld.%02lld,`%lld.%02lld\r\n",
               rows, paid / 100, paid % 100, back / 100, back % 100, fee / 100000, fee % 100000, paid / 100, paid % 100, back / 100, back % 100);
  fprintf(stderr, "%s: %lld bytes, %lld rows\n", v[1], n, rows);
  return fclose(f) ? 1 : 0;
}
