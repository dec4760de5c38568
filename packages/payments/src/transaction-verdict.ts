/** What an answer of `inquireTransaction` means for an order. */
export type TransactionVerdict = "paid" | "unpaid" | "pending";

/**
 * Reads the status of a transaction. Bale documents pending, paid, failed and rejected; older code also met succeed and
 * timeout, which is of low confidence. What nobody knows counts as pending: it is asked again and never taken for money.
 */
export function transactionVerdict(status: string): TransactionVerdict {
  switch (status.toLowerCase()) {
    case "paid":
    case "succeed":
      return "paid";
    case "failed":
    case "rejected":
    case "timeout":
      return "unpaid";
    default:
      return "pending";
  }
}
