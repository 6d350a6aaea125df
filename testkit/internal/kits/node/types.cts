import kit = require('@voxemu/voxemu');
kit.Voxemu.start().then((emu) => emu.stop());
