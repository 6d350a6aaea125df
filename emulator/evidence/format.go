package evidence

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Format is the version of the format of recordings.
const Format = 1

// Head is the first line of a recording.
type Head struct {
	// Format is [Format].
	Format int `json:"voxemu_recording"`
	// Started is when the recording began, UTC.
	Started time.Time `json:"started"`
	// Version is that of the emulator that recorded.
	Version string `json:"voxemu"`
}

// Exchange is one request of the API with its reply. All values are masked.
type Exchange struct {
	// Number counts the exchanges of a recording from 1, in the order in which they ended.
	Number int `json:"n"`
	// At is when the request arrived, UTC.
	At time.Time `json:"at"`
	// Verb is the HTTP method.
	Verb string `json:"verb"`
	// Method is the method of the API; *** if it cannot be a name.
	Method string `json:"method"`
	// Style is where the name of the method was.
	Style journal.Style `json:"style"`
	// Encoding is that of the parameters.
	Encoding vox.Encoding `json:"encoding"`
	// Caller is who called.
	Caller Caller `json:"caller"`
	// Parameters are those of the request, without those of the caller.
	Parameters map[string][]string `json:"parameters,omitempty"`
	// Unreadable is true if the body was no form and no flat JSON object.
	Unreadable bool `json:"unreadable,omitempty"`
	// Status is the HTTP status of the reply.
	Status int `json:"status"`
	// Reply is the JSON of the reply; absent if it was none.
	Reply any `json:"reply,omitempty"`
}

// Caller is what identified the caller. Texts are placeholders.
type Caller struct {
	// By is api_key, account_password, session_id, token or none.
	By string `json:"by"`
	// Account is the account that a parameter or a token names, by id, name or e-mail.
	Account string `json:"account,omitempty"`
	// Key is the id of the key that signed the token.
	Key string `json:"key,omitempty"`
	// Secret stands for the api_key, password or session.
	Secret string `json:"secret,omitempty"`
	// Defect is what every key would be refused for: a token that is malformed, long,
	// future or expired.
	Defect string `json:"defect,omitempty"`
}

// End is the last line of a recording.
type End struct {
	// End is true.
	End bool `json:"end"`
	// Exchanges is the number of exchanges.
	Exchanges int `json:"exchanges"`
	// LeftOut is the number of requests of the API that are not in the recording, because
	// their client or the service broke them off.
	LeftOut int `json:"left_out"`
	// IDs are the placeholders of ids, in the order of the numbers that they stand for.
	IDs []int64 `json:"ids"`
	// Names are the placeholders of names, in the order of the texts that they stand for.
	Names []string `json:"names"`
	// Parts are the placeholders of names and texts that contain others, with these.
	Parts map[string][]string `json:"parts,omitempty"`
}

// Recording is a complete recording.
type Recording struct {
	Head      Head
	Exchanges []Exchange
	End       End
}

// ErrIncomplete reports a recording that was interrupted.
var ErrIncomplete = errors.New("the recording has no end: it was interrupted")

// maxLine is the maximum length of a line of a recording, in bytes.
const maxLine = 64 << 20

// Open reads a recording. Errors: a file that cannot be read or is none, another version
// of the format, or [ErrIncomplete].
func Open(name string) (Recording, error) {
	file, err := os.Open(name)
	if err != nil {
		return Recording{}, err
	}
	defer file.Close()
	recording, err := read(file)
	if err != nil {
		return Recording{}, fmt.Errorf("%s: %w", name, err)
	}
	return recording, nil
}

func read(from io.Reader) (r Recording, err error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxLine)
	for number := 1; lines.Scan(); number++ {
		switch {
		case r.End.End:
			return r, fmt.Errorf("line %d: nothing may follow the end", number)
		case number == 1:
			if json.Unmarshal(lines.Bytes(), &r.Head) != nil || r.Head.Format == 0 {
				return r, errors.New("line 1: not a recording of voxemu record")
			}
			if r.Head.Format != Format {
				return r, fmt.Errorf("line 1: format %d; want %d", r.Head.Format, Format)
			}
		default:
			err = r.line(lines.Bytes())
		}
		if err != nil {
			return r, fmt.Errorf("line %d: %w", number, err)
		}
	}
	switch {
	case lines.Err() != nil:
		return r, lines.Err()
	case r.Head.Format == 0:
		return r, errors.New("the file is empty")
	case !r.End.End:
		return r, ErrIncomplete
	case r.End.Exchanges != len(r.Exchanges):
		return r, fmt.Errorf("%d exchanges, the end says %d", len(r.Exchanges), r.End.Exchanges)
	}
	return r, nil
}

// line reads an exchange or the end.
func (r *Recording) line(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if bytes.HasPrefix(text, []byte(`{"end":`)) {
		return decoder.Decode(&r.End)
	}
	var e Exchange
	if err := decoder.Decode(&e); err != nil {
		return err
	}
	if e.Number != len(r.Exchanges)+1 {
		return fmt.Errorf("exchange %d, want %d", e.Number, len(r.Exchanges)+1)
	}
	r.Exchanges = append(r.Exchanges, e)
	return nil
}
