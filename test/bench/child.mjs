// Runs one measurement in a process of its own and prints it as one JSON line.
const { scenario, ...options } = JSON.parse(process.argv[2]);
const { measure } = await import(`./scenarios/${scenario}.mjs`);
const result = await measure(options);
process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit(0));
