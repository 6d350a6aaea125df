package callback_test

import (
	"testing"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/vox"
)

// From the change of a row to the receiver's reply, with one connection per callback.
func BenchmarkDelivery(b *testing.B) {
	r := newReceiver(b, nil)
	w := newWorld(b, r.URL)
	id := int64(0)
	for b.Loop() {
		id++
		w.fail(id)
	}
	w.settle()
}

// A write that changes a registration without a callback.
func BenchmarkNote(b *testing.B) {
	for name, change := range map[string]func(*callback.Config){
		"observed":   func(*callback.Config) {},
		"unobserved": nil,
	} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, "")
			if change == nil {
				w.store.Observe(nil)
			}
			state := []vox.State{vox.InProgress, vox.Successful}
			for i := 0; b.Loop(); i++ {
				w.put(vox.Registration{ID: 1, AccountID: 1, State: state[i%2]})
			}
		})
	}
}
