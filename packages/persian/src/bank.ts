/** A bank of Iran, by its short Persian name: «ملی», «ملت». */
export type BankName = string;

/**
 * The first six digits of cards, by bank; banks that were merged carry the name of the one they became. A prefix that
 * tables in use give to different banks is left out.
 */
const CARDS: Readonly<Record<BankName, string>> = {
  مرکزی: "636795 636797",
  ملی: "603799",
  سپه: "589210 627381 639599 636949 505801",
  صادرات: "603769 903769",
  ملت: "610433 991975",
  تجارت: "627353 585983",
  رفاه: "589463",
  مسکن: "628023",
  کشاورزی: "603770 639217",
  "صنعت و معدن": "627961",
  "توسعه صادرات": "627648 207177",
  "توسعه تعاون": "502908",
  "پست بانک": "627760",
  "اقتصاد نوین": "627412",
  پارسیان: "622106 639194 627884",
  پاسارگاد: "502229 639347",
  کارآفرین: "627488 502910",
  سامان: "621986",
  سینا: "639346",
  سرمایه: "639607",
  آینده: "636214",
  شهر: "502806 504706",
  دی: "502938",
  "ایران زمین": "505785",
  گردشگری: "505416 505426",
  خاورمیانه: "505809 585947",
  "مهر ایران": "606373",
  رسالت: "504172",
  ملل: "606256",
  نور: "507677",
  توسعه: "628157",
};

/** The three digits behind the check digits of a Sheba, by bank. */
const SHEBAS: Readonly<Record<BankName, string>> = {
  مرکزی: "010",
  "صنعت و معدن": "011",
  ملت: "012",
  رفاه: "013",
  مسکن: "014",
  سپه: "015 052 063 065 073 079",
  کشاورزی: "016",
  ملی: "017",
  تجارت: "018",
  صادرات: "019",
  "توسعه صادرات": "020",
  "پست بانک": "021",
  "توسعه تعاون": "022",
  توسعه: "051",
  کارآفرین: "053",
  پارسیان: "054",
  "اقتصاد نوین": "055",
  سامان: "056",
  پاسارگاد: "057",
  سرمایه: "058",
  سینا: "059",
  "مهر ایران": "060 090",
  شهر: "061",
  آینده: "062",
  گردشگری: "064",
  دی: "066",
  "ایران زمین": "069",
  رسالت: "070",
  ملل: "075",
  خاورمیانه: "078",
  نور: "080",
  "ایران و ونزوئلا": "095",
};

const byCard: ReadonlyMap<string, BankName> = inverted(CARDS);
const bySheba: ReadonlyMap<string, BankName> = inverted(SHEBAS);

/** The bank that gave out cards with these first six digits, as far as known. */
export function bankOfCardPrefix(prefix: string): BankName | undefined {
  return byCard.get(prefix);
}

/** The bank with this code of three digits in a Sheba, as far as known. */
export function bankOfShebaCode(code: string): BankName | undefined {
  return bySheba.get(code);
}

function inverted(table: Readonly<Record<BankName, string>>): Map<string, BankName> {
  return new Map(Object.entries(table).flatMap(([bank, keys]) => keys.split(" ").map((key) => [key, bank])));
}
