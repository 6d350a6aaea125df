package control

import (
	"net/http"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/lab"
)

type snapshotList struct {
	Snapshots []lab.Snapshot `json:"snapshots"`
}

func (a *API) listSnapshots(nothing) (snapshotList, error) {
	return snapshotList{a.Lab.Snapshots()}, nil
}

type takeSnapshotInput struct {
	Body struct {
		Name string `json:"name"`
	}
}

// plain reports whether a name needs no escaping in paths and shells.
func plain(name string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	return name != "" && len(name) <= 64 && strings.Trim(name, allowed) == "" && name != "." && name != ".."
}

func (a *API) takeSnapshot(in takeSnapshotInput) (lab.Snapshot, error) {
	if !plain(in.Body.Name) {
		return lab.Snapshot{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "name", Message: "name: want 1 to 64 letters, digits, dots, dashes or underscores"}
	}
	return a.Lab.TakeSnapshot(in.Body.Name)
}

type snapshotInput struct {
	Name string `path:"name"`
}

type compareSnapshotsInput struct {
	Name string `path:"name"`
	With string `query:"with"`
}

// compareSnapshots compares a snapshot with a later one or, by default, the current state.
func (a *API) compareSnapshots(in compareSnapshotsInput) (differences, error) {
	before, err := a.Lab.SnapshotState(in.Name)
	if err != nil {
		return differences{}, err
	}
	after, err := a.Lab.State()
	after.Seed, after.Faults = 0, nil // a snapshot has none
	if in.With != "" {
		after, err = a.Lab.SnapshotState(in.With)
	}
	if err != nil {
		return differences{}, err
	}
	return compareStates(before, after)
}

func (a *API) restoreSnapshot(in snapshotInput) (done, error) {
	return ok, a.Lab.RestoreSnapshot(in.Name)
}

func (a *API) deleteSnapshot(in snapshotInput) (done, error) {
	return ok, a.Lab.DeleteSnapshot(in.Name)
}
