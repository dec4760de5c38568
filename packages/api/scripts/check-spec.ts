import { queryRows } from "./query-rows.js";
import { type FieldSpec, namesIn, type Spec } from "./spec.js";

/** How many methods Bale documents. A spec with another number has lost one, or invented one. */
const DOCUMENTED_METHODS = 50;

/**
 * What is wrong with the spec, one sentence a fault; nothing when it is sound. Checked before anything is
 * generated: each thing has a sentence, each name leads somewhere, each bound bounds something.
 */
export function faultsOf(spec: Spec): string[] {
  return [
    ...faultsOfLimits(spec),
    ...faultsOfTypes(spec),
    ...faultsOfMethods(spec),
    ...faultsOfSources(spec),
    ...faultsOfQueries(spec),
  ];
}

function faultsOfLimits(spec: Spec): string[] {
  const faults: string[] = [];
  const used = new Set([...everyField(spec)].map(([, field]) => field.limit));
  for (const [name, limit] of Object.entries(spec.limits)) {
    faults.push(...sentence(`limits.${name}`, limit.doc));
    const isBound = limit.kind !== undefined;
    if (isBound && limit.level === undefined) faults.push(`limits.${name}: a bound needs "level".`);
    if (isBound && limit.max === undefined) faults.push(`limits.${name}: a bound needs "max".`);
    if (isBound && !used.has(name)) faults.push(`limits.${name}: no parameter and no field names it.`);
    if (!isBound && limit.value === undefined) faults.push(`limits.${name}: a fact needs "value".`);
    if (limit.level === "reject" && limit.source !== "docs") {
      faults.push(`limits.${name}: only what Bale documents may be rejected, not what ${limit.source} says.`);
    }
  }
  return faults;
}

function faultsOfTypes(spec: Spec): string[] {
  const faults: string[] = [];
  for (const [name, type] of Object.entries(spec.types)) {
    const at = `types.${name}`;
    faults.push(
      ...sentence(at, type.doc),
      ...(type.notes ?? []).flatMap((note) => sentence(`${at}.notes`, note)),
    );
    if ((type.union === undefined) === (type.fields === undefined)) {
      faults.push(`${at}: has to have either "union" or "fields".`);
    }
    for (const member of type.union ?? []) {
      if (spec.types[member] === undefined)
        faults.push(`${at}: the union names ${member}, which is not a type.`);
      else if (type.on !== undefined && spec.types[member].fields?.[type.on]?.value === undefined) {
        faults.push(`${at}: ${member} does not fix the value of "${type.on}", so nothing tells it apart.`);
      }
    }
  }
  for (const [at, field] of everyField(spec)) {
    faults.push(...sentence(at, field.doc));
    for (const name of namesIn(field.type)) {
      if (spec.types[name] === undefined) faults.push(`${at}: unknown type ${name}.`);
    }
    if (field.limit !== undefined && spec.limits[field.limit]?.kind === undefined) {
      faults.push(`${at}: ${field.limit} is not a limit that bounds anything.`);
    }
    if (field.undocumented === true && spec.limits[field.limit ?? ""]?.level === "reject") {
      faults.push(`${at}: what Bale does not document can't be bounded by a documented limit.`);
    }
  }
  return faults;
}

/** Each field of a type and each parameter of a method, with its place in the spec. */
function* everyField(spec: Spec): Generator<readonly [at: string, field: FieldSpec]> {
  for (const [name, type] of Object.entries(spec.types)) {
    for (const [field, of] of Object.entries(type.fields ?? {})) yield [`types.${name}.${field}`, of];
  }
  for (const [name, method] of Object.entries(spec.methods)) {
    for (const [param, of] of Object.entries(method.params)) yield [`methods.${name}.${param}`, of];
  }
}

function faultsOfMethods(spec: Spec): string[] {
  const faults: string[] = [];
  const methods = Object.entries(spec.methods);
  const documented = methods.filter(([, method]) => method.documented).length;
  if (documented !== DOCUMENTED_METHODS) {
    faults.push(`methods: ${documented} are marked documented, Bale documents ${DOCUMENTED_METHODS}.`);
  }
  for (const [name, method] of methods) {
    const at = `methods.${name}`;
    faults.push(...sentence(at, method.doc));
    faults.push(...(method.notes ?? []).flatMap((note) => sentence(`${at}.notes`, note)));
    if (!method.documented && method.confidence === "high") {
      faults.push(`${at}: nothing undocumented is of high confidence.`);
    }
    for (const type of namesIn(method.result)) {
      if (spec.types[type] === undefined) faults.push(`${at}: unknown type ${type} in the result.`);
    }
    for (const file of method.files ?? []) {
      if (!namesFile(method.params[file]?.type))
        faults.push(`${at}: "files" names ${file}, which takes no file.`);
    }
    if (method.nestedMedia !== undefined && !carriesFiles(spec, method.params[method.nestedMedia]?.type)) {
      faults.push(`${at}: "nestedMedia" names ${method.nestedMedia}, which carries no files.`);
    }
    for (const [param, { type }] of Object.entries(method.params)) {
      if (namesFile(type) && method.files?.includes(param) !== true) {
        faults.push(`${at}: ${param} takes a file, so "files" has to name it.`);
      }
      if (carriesFiles(spec, type) && method.nestedMedia !== param) {
        faults.push(`${at}: ${param} carries files, so "nestedMedia" has to name it.`);
      }
    }
  }
  for (const name of spec.business.methods) {
    if (!(spec.methods[name]?.documented ?? false))
      faults.push(`business: ${name} is not a documented method.`);
  }
  return faults;
}

function namesFile(type: string | undefined): boolean {
  return type !== undefined && /\bInputFile\b/.test(type);
}

function carriesFiles(spec: Spec, type: string | undefined): boolean {
  return namesIn(type ?? "").some((name) => {
    const { fields, union = [] } = spec.types[name] ?? {};
    const members = fields === undefined ? union : [];
    return (
      Object.values(fields ?? {}).some((field) => namesFile(field.type)) ||
      members.some((of) => carriesFiles(spec, of))
    );
  });
}

function faultsOfSources(spec: Spec): string[] {
  const cited: (readonly [at: string, sources: readonly string[]])[] = [
    ...Object.entries(spec.methods).map(([name, { sources }]) => [`methods.${name}`, sources] as const),
    ...Object.entries(spec.limits).map(([name, { source }]) => [`limits.${name}`, [source]] as const),
    ["business", spec.business.sources],
  ];
  const faults: string[] = [];
  for (const [at, sources] of cited) {
    if (sources.length === 0) faults.push(`${at}: cites no source.`);
    for (const source of sources) {
      if (spec.sources[source] === undefined) faults.push(`${at}: unknown source ${source}.`);
    }
  }
  const linked = [...Object.entries(spec.types), ...Object.entries(spec.methods)];
  for (const [name, { see }] of linked) {
    if (!URL.canParse(see)) faults.push(`${name}: "see" is not an address: ${see}`);
  }
  for (const [name, method] of Object.entries(spec.methods)) {
    if (method.documented !== method.see.startsWith(spec.documentation)) {
      faults.push(
        `methods.${name}: "see" of a documented method leads to Bale's documentation, of another elsewhere.`,
      );
    }
  }
  return faults;
}

function faultsOfQueries(spec: Spec): string[] {
  const faults: string[] = [];
  const message = spec.types["Message"]?.fields ?? {};
  for (const [name, { doc, fields = [name] }] of Object.entries(spec.contents)) {
    faults.push(...sentence(`contents.${name}`, doc));
    for (const field of fields) {
      if (message[field]?.optional !== true)
        faults.push(`contents.${name}: ${field} is not an optional field of Message.`);
    }
  }
  for (const [name, { doc }] of [...Object.entries(spec.updates), ...Object.entries(spec.aliases)]) {
    faults.push(...sentence(name, doc));
  }
  if (faults.length > 0) return faults;
  const rows = queryRows(spec);
  const twice = rows.filter((row, index) => rows.findIndex(({ name }) => name === row.name) !== index);
  faults.push(...twice.map(({ name }) => `queries: ${JSON.stringify(name)} is there twice.`));
  for (const { name, gives } of rows)
    faults.push(...(Object.keys(gives).length === 0 ? [`queries: ${name} gives nothing.`] : []));
  return faults;
}

/** A sentence begins with a large letter or a name in backticks, and ends. */
function sentence(at: string, text: string | undefined): string[] {
  if (text !== undefined && /^[A-Z`].+[.]$/.test(text) && !text.includes("\n")) return [];
  return [`${at}: needs one sentence, has ${JSON.stringify(text)}.`];
}
