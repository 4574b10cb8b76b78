// jest's global set-up of the kinds that use servers: servers shared by test files live as long as this process.
export default function nameTheOwner() {
  process.env.CONTINUO_TEST_OWNER ??= String(process.pid);
}
