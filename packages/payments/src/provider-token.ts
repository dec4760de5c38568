import { asciiDigits } from "./amount.js";
import { misuse, shown } from "./misuse.js";

/** Bale's own token for trying payments out: behaves like a real one, and no money moves. */
export const TEST_WALLET = "WALLET-TEST-1111111111111111";

/**
 * Checks the token of a wallet. The number of a bank card, which is what Bale took in earlier years, is checked as such
 * and let through with a warning: Bale's documentation says that invoices to a card are no longer possible.
 * @throws {TypeError} when it is missing, or is a card number with a mistyped digit.
 */
export function checkProviderToken(token: unknown, warn: (message: string) => void): string {
  if (typeof token !== "string" || token.trim() === "") {
    throw misuse(
      `payments: providerToken is ${shown(token)}. Give the token of your wallet, from @botfather; ${TEST_WALLET} tries ` +
        "payments out without moving money.",
    );
  }
  const digits = asciiDigits(token).replace(/[\s\-–]/g, "");
  if (!/^\d{16}$/.test(digits)) return token.trim();
  // Never shown: a card number is not to end up in a log.
  if (!passesLuhn(digits)) {
    throw misuse(
      "payments: providerToken has the 16 digits of a bank card, yet one of them is mistyped. And Bale no longer takes " +
        "cards: give the token of your wallet, from @botfather.",
    );
  }
  warn(
    "payments: providerToken is the number of a bank card. Bale's documentation says that invoices to a card were removed, so " +
      "sending one will probably be refused. Give the token of your wallet, from @botfather.",
  );
  return digits;
}

/** Whether the last digit of a number confirms the others. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
