export interface Update { readonly update_id: number }
export function hello(): string { return "hi"; }
