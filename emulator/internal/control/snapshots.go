package control

import (
	"context"
	"net/http"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/lab"
)

// Snapshots are states kept under a name, in memory.
type Snapshots struct {
	List func() []lab.Snapshot
	// Take keeps the state as it is; a name that is taken: [vox.ErrConflict].
	Take func(name string) (lab.Snapshot, error)
	// Restore goes back to a snapshot, which stays; unknown: [vox.ErrNotFound].
	Restore func(name string) error
	// Delete forgets a snapshot; unknown: [vox.ErrNotFound].
	Delete func(name string) error
}

type snapshotList struct {
	Snapshots []lab.Snapshot `json:"snapshots"`
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

func (s Snapshots) take(_ context.Context, in takeInput) (lab.Snapshot, error) {
	if !plain(in.Body.Name) {
		return lab.Snapshot{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "name", Message: "name: want 1 to 64 letters, digits, dots, dashes or underscores"}
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
