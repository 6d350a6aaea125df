package control

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Snapshots are states kept under a name, in memory.
type Snapshots struct {
	List func() []Snapshot
	// Take keeps the state as it is; a name that is taken: [ErrConflict].
	Take func(name string) (Snapshot, error)
	// Restore goes back to a snapshot, which stays; unknown: [ErrNotFound].
	Restore func(name string) error
	// Delete forgets a snapshot; unknown: [ErrNotFound].
	Delete func(name string) error
}

// Snapshot describes a kept state.
type Snapshot struct {
	Name string `json:"name"`
	// TakenAt is on the emulator's clock.
	TakenAt time.Time `json:"taken_at"`
}

type snapshotList struct {
	Snapshots []Snapshot `json:"snapshots"`
}

func (s Snapshots) list(context.Context, nothing) (snapshotList, error) {
	return snapshotList{s.List()}, nil
}

type takeInput struct {
	Body struct {
		Name string `json:"name"`
	}
}

// plain reports whether a name is usable in paths and shells.
func plain(name string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	return name != "" && len(name) <= 64 && strings.Trim(name, allowed) == "" && name != "." && name != ".."
}

func (s Snapshots) take(_ context.Context, in takeInput) (Snapshot, error) {
	if !plain(in.Body.Name) {
		return Snapshot{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "name", Message: "name: want 1 to 64 letters, digits, dots, dashes or underscores"}
	}
	return s.Take(in.Body.Name)
}

type snapshotInput struct {
	Name string `path:"name"`
}

func (s Snapshots) restore(_ context.Context, in snapshotInput) (done, error) {
	return ok, s.Restore(in.Name)
}
func (s Snapshots) delete(_ context.Context, in snapshotInput) (done, error) {
	return ok, s.Delete(in.Name)
}
