package reply_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func TestAPageIsCutFromWhatIsListed(t *testing.T) {
	state := store.New()
	err := state.Write(time.Now(), func(tx *store.Tx) error {
		return errors.Join(
			store.Put(tx, store.Users, vox.User{ID: 1, AccountID: 1, ApplicationID: 10, Name: "carol"}),
			store.Put(tx, store.Users, vox.User{ID: 2, AccountID: 1, ApplicationID: 10, Name: "bob"}),
			store.Put(tx, store.Users, vox.User{ID: 3, AccountID: 1, ApplicationID: 20, Name: "alice"}),
			store.Put(tx, store.Users, vox.User{ID: 4, AccountID: 2, ApplicationID: 10, Name: "bob"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	inside := store.UserApplication.Is(10)
	withO := func(u vox.User) bool { return strings.Contains(u.Name, "o") }
	byName := func(a, b vox.User) int { return strings.Compare(a.Name, b.Name) }
	for why, c := range map[string]struct {
		list reply.Listing[vox.User]
		page query.Page
		want string
	}{
		"everything":              {reply.Listing[vox.User]{}, query.All(), `{"result":[1,2,3],"total_count":3,"count":3}`},
		"a page":                  {reply.Listing[vox.User]{}, query.Page{Offset: 1, Count: 1}, `{"result":[2],"total_count":3,"count":1}`},
		"an index":                {reply.Listing[vox.User]{Where: inside}, query.Page{Count: 1}, `{"result":[1],"total_count":2,"count":1}`},
		"no index":                {reply.Listing[vox.User]{Keep: withO}, query.Page{Offset: 1, Count: 9}, `{"result":[2],"total_count":2,"count":1}`},
		"another order":           {reply.Listing[vox.User]{Order: byName}, query.Page{Count: 2}, `{"result":[3,2],"total_count":3,"count":2}`},
		"all three":               {reply.Listing[vox.User]{Where: inside, Keep: withO, Order: byName}, query.All(), `{"result":[2,1],"total_count":2,"count":2}`},
		"past the end, by id":     {reply.Listing[vox.User]{}, query.Page{Offset: 9, Count: 1}, `{"result":[],"total_count":3,"count":0}`},
		"past the end, otherwise": {reply.Listing[vox.User]{Order: byName}, query.Page{Offset: 9, Count: 1}, `{"result":[],"total_count":3,"count":0}`},
		"no row":                  {reply.Listing[vox.User]{}, query.Page{}, `{"result":[],"total_count":3,"count":0}`},
	} {
		err := state.Read(time.Now(), func(tx *store.Tx) error {
			users, counts := c.list.Page(tx, store.Users, 1, c.page)
			got, err := json.Marshal(reply.NewList(users, counts, func(u vox.User) int64 { return u.ID }))
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", why, diff)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func TestOKIsOneUnlessThereIsAnError(t *testing.T) {
	if done, err := reply.OK(nil); done.Result != 1 || err != nil {
		t.Errorf("%+v, %v", done, err)
	}
	if done, err := reply.OK(vox.ErrInvalidKeyID); done.Result != 0 || !errors.Is(err, vox.ErrInvalidKeyID) {
		t.Errorf("%+v, %v", done, err)
	}
}
