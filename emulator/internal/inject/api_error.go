package inject

import "github.com/voxemu/voxemu/emulator/fault"

func sendAPIError(e fault.APIError, x *Exchange) error {
	return x.canned(x.APIError(x.claim.armed.known.Resolve(e)))
}
