/**
 * Writes a value as the JSON text a store keeps.
 * @throws {TypeError} naming what was being done, for values JSON cannot carry.
 */
export function toJson(doing: string, value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw new TypeError(`${doing}: the value cannot be written as JSON. Store plain data.`, { cause });
  }
  if (json === undefined) {
    throw new TypeError(
      `${doing}: the value is ${typeof value}, which JSON cannot carry. To remove a key use delete().`,
    );
  }
  return json;
}
