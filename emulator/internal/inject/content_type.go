package inject

import "github.com/voxemu/voxemu/emulator/fault"

func sendAs(t fault.ContentType, x *Exchange) error {
	x.send(x.real().with("Content-Type", string(t)))
	return nil
}
