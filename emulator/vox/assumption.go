package vox

// Assumption is something believed about the real service that no source
// settles.
type Assumption struct {
	// ID is cited in the specification and in the code, for example A7.
	ID string `json:"id"`
	// Says is what the emulator does.
	Says string `json:"says"`
	// Because is the evidence.
	Because string `json:"because"`
	// Source is the heading of docs/evidence.md that holds the evidence, as the
	// anchor of a link, for example roles.
	Source string `json:"source"`
	// Mark is the strongest evidence for what the emulator does.
	Mark Mark `json:"mark"`
	// Date is the month of that evidence, for example 2026-09, or undated where the
	// source gives none; of what is inferred, the month in which it was.
	Date string `json:"date"`
	// Risk is what can happen to a client if the assumption is wrong.
	Risk string `json:"risk"`
	// Experiment is a call to the real service that would settle it.
	Experiment string `json:"experiment"`
	// Behaviour is the scenario switch that chooses otherwise; empty: none.
	Behaviour string `json:"behaviour,omitempty"`
}

// Mark is a kind of evidence.
type Mark string

// The marks of docs/evidence.md, the strongest first.
const (
	// MarkPage: the API page of SIPRegistration says it.
	MarkPage Mark = "page"
	// MarkMeasured: somebody recorded what the service or an official SDK sends.
	MarkMeasured Mark = "measured"
	// MarkDocumented: another page or an SDK's comment says it.
	MarkDocumented Mark = "documented"
	// MarkInferred: concluded from other facts; no source says it.
	MarkInferred Mark = "inferred"
)

// Marks lists all marks, the strongest first.
func Marks() []Mark { return []Mark{MarkPage, MarkMeasured, MarkDocumented, MarkInferred} }
