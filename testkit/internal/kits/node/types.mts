import VoxemuD, { Voxemu, Call, START } from '@voxemu/voxemu';
const emu = await Voxemu.start({ scenario: 'empty', allowMistakes: new Call('X').with('a', [1, 2]) });
const f = await emu.fail('X', { close: {} }, { after: true });
await emu.expect('CreateSipRegistration', { proxy: 'x' }).failedWith('A').once();
const s: string | undefined = (await emu.registrations())[0]?.state;
const n: number = (await emu.account()).balance;
console.log(s, n, START, f.name, VoxemuD);
