package vox

// Assumption is a decision about the real service's behaviour that no source confirms.
type Assumption struct {
	// ID is the identifier that the specification and the code cite, for example A7.
	ID string `json:"id"`
	// Says is what the emulator does.
	Says string `json:"says"`
	// Because is the evidence for it.
	Because string `json:"because"`
	// Source is the anchor in docs/evidence.md under which the evidence stands, for
	// example roles.
	Source string `json:"source"`
	// Mark is the kind of the strongest evidence.
	Mark Mark `json:"mark"`
	// Date is the month of that evidence, for example 2026-09; "undated" if the source
	// has no date. For inferred evidence it is the month of the inference.
	Date string `json:"date"`
	// Risk is what can happen to a client if the assumption is wrong.
	Risk string `json:"risk"`
	// Experiment is a call to the real service that would confirm or refute it.
	Experiment string `json:"experiment"`
	// Behaviour is the setting under behaviour: that chooses otherwise; empty: none.
	Behaviour string `json:"behaviour,omitempty"`
}

// Mark is a kind of evidence.
type Mark string

// The kinds of evidence in docs/evidence.md, the strongest first.
const (
	// MarkPage: the SIPRegistration page of the API reference states it.
	MarkPage Mark = "page"
	// MarkMeasured: recorded from the real service or from an official SDK.
	MarkMeasured Mark = "measured"
	// MarkDocumented: another page or a comment in an SDK states it.
	MarkDocumented Mark = "documented"
	// MarkInferred: concluded from other facts; no source states it.
	MarkInferred Mark = "inferred"
)

// Marks returns all marks, the strongest first.
func Marks() []Mark { return []Mark{MarkPage, MarkMeasured, MarkDocumented, MarkInferred} }
