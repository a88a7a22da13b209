/** Stands for the scan's program in tests: says its addresses, then what the first of them asks for. */
const [first = '', ...others] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify({ scan: 'on' })}\n`);
for (const address of others)
  process.stdout.write(`${JSON.stringify({ address, rssiDbm: -1, data: '40' })}\n`);
if (first === 'die') process.exit(3);
process.stdin.on('end', () => process.exit(0)).resume();
