/**
 * When a message was sent, from Bale's seconds since 1970. `undefined` when Bale leaves the date out, as it does for
 * old messages behind a pressed button.
 */
export function messageDate(message: { readonly date: number }): Date;
export function messageDate(message: { readonly date?: number | undefined }): Date | undefined;
export function messageDate(message: { readonly date?: number | undefined }): Date | undefined {
  return message.date === undefined ? undefined : new Date(message.date * 1000);
}
