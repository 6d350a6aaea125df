package sipreg_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/jsontext"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Replies that write themselves are compared with encoding/json, which reads their tags:
// with each member set or not, and with all kinds of texts.
func TestRepliesWriteThemselvesAsEncodingJSONDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := sipreg.ListReply{Result: rapid.SliceOfN(rapid.Make[sipreg.Row](), 0, 3).Draw(t, "rows"), Count: rapid.Int().Draw(t, "count")}
		if list.Result == nil {
			list.Result = []sipreg.Row{}
		}
		created := sipreg.CreateReply{Result: rapid.Int().Draw(t, "result"), ID: rapid.Int64().Draw(t, "id"), AccountInfo: sipreg.AccountInfo{
			AccountID: rapid.Int64().Draw(t, "account"), Frozen: rapid.Bool().Draw(t, "frozen"),
			Balance:  vox.MustParseMoney(rapid.SampledFrom([]string{"0", "-1.5", "1000000000.001"}).Draw(t, "balance")),
			Currency: rapid.String().Draw(t, "currency"),
		}}
		for _, reply := range []jsontext.Appender{list, created} {
			want, err := json.Marshal(reply)
			if err != nil {
				t.Fatal(err)
			}
			if got := reply.AppendJSON(nil); string(got) != string(want) {
				t.Fatalf("writes itself as\n%s, encoding/json as\n%s", got, want)
			}
		}
	})
}
