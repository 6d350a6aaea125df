package scenarios

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
)

// longest is the maximum number of characters of a text (A24).
const longest = 255

// checker reports mistakes in one row, or in the settings.
type checker struct {
	draft *draft
	at    func(field string) place
}

// refuse reports a mistake in a field, unless the field could not be read, which was
// already reported.
func (c checker) refuse(field, format string, args ...any) {
	place := c.at(field)
	var node *document.Node
	if place.node != nil {
		if node, _ = place.node.At(field); node.Broken {
			return
		}
	}
	c.draft.report.Add(place.source, node, field, format, args...)
}

// text checks the length and, if required, the presence of a text.
func (c checker) text(field, value string, required bool) {
	switch {
	case required && value == "":
		c.refuse(field, "required")
	case utf8.RuneCountInString(value) > longest:
		c.refuse(field, "want at most %d characters", longest)
	}
}

// oneOf reports other words than the allowed ones. A member may be omitted, but not be
// empty.
func oneOf[S ~string](c checker, field string, value S, allowed ...S) {
	if value != "" && !slices.Contains(allowed, value) || c.isEmptyText(field) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		c.refuse(field, "want one of %s", strings.Join(words, ", "))
	}
}

// isEmptyText reports whether the file has the member with an empty text.
func (c checker) isEmptyText(field string) bool {
	place := c.at(field)
	if place.node == nil {
		return false
	}
	node, exact := place.node.At(field)
	text, isText := node.Text()
	return exact && isText && text == ""
}

// refers checks a reference to another row; 0 is none.
func refers[R any](c checker, field string, id int64) (*R, bool) {
	row, ok := find[R](c.draft, id)
	if id != 0 && !ok && !c.draft.torn {
		c.refuse(field, "there is no %d", id)
	}
	return row, ok
}

func (c checker) owner(account int64) {
	if account == 0 && c.draft.torn {
		return
	}
	if account == 0 {
		c.refuse("account_id", "required, unless the file has exactly one account")
		return
	}
	refers[vox.Account](c, "account_id", account)
}

func (c checker) within(application, account int64) {
	if application == 0 {
		c.refuse("application_id", "required")
		return
	}
	if a, ok := refers[vox.Application](c, "application_id", application); ok && a.AccountID != account {
		c.refuse("account_id", "the application belongs to account %d", a.AccountID)
	}
}

// member checks the account of a row and its optional application.
func (c checker) member(application, account int64) {
	if application == 0 {
		c.owner(account)
		return
	}
	c.within(application, account)
}
