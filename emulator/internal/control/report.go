package control

import (
	"net/http"

	"github.com/voxemu/voxemu/emulator/report"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Report returns what the requests since the start, or since [API.ClearReport], covered.
func (a *API) Report() report.Report {
	r := a.Tally.Report(a.Journal.Kept)
	states, frozen := a.Lab.Reached()
	for i, state := range r.States {
		r.States[i].Times = states[vox.State(state.Name)]
		if state.Name == report.Frozen {
			r.States[i].Times = frozen
		}
	}
	for _, f := range a.Faults.Rules() {
		if f.Unspent() {
			r.Untriggered = append(r.Untriggered, f.Describe())
		}
	}
	return r
}

// ClearReport counts from now on.
func (a *API) ClearReport() {
	a.Tally.Clear(a.Journal.Latest())
	a.Lab.ClearReached()
}

type reportInput struct {
	Format report.Format `query:"format"`
	Method []string      `query:"method"`
}

func (a *API) getReport(in reportInput) (textReply, error) {
	if a.Journal.Stats().Size == 0 {
		return textReply{}, &Problem{Status: http.StatusConflict, Message: "nothing is counted without a journal; start with --journal 1 or more"}
	}
	r := a.Report()
	if err := r.Only(in.Method...); err != nil {
		return textReply{}, &Problem{Status: http.StatusBadRequest, Parameter: "method", Message: err.Error()}
	}
	if in.Format == "" {
		in.Format = report.JSON
	}
	text, err := r.Text(in.Format, nil)
	for _, output := range report.Outputs() {
		if output.Format == in.Format {
			return textReply{mediaType: output.MediaType, text: text}, err
		}
	}
	return textReply{}, err
}

func (a *API) clearReport(nothing) (done, error) {
	a.ClearReport()
	return ok, nil
}
