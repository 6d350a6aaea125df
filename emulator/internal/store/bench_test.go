package store_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var sizes = []int{1_000, 100_000, 1_000_000}

// sample returns a registration of one large account: two to 50 proxies, 20 to 1,000
// applications with five rules each, nine of ten successful, every second one with a
// user. The numbers grow with the rows, so that each query except the last finds a page
// of about 20 rows at each size, which makes sizes comparable.
func sample(id int64, rows int) vox.Registration {
	applications := int64(min(max(20, rows/50), 1_000))
	proxies := min(max(2, rows/500), 50)
	random := rand.New(rand.NewPCG(uint64(id), 1))
	r := vox.Registration{
		ID: id, AccountID: 1, SIPUsername: fmt.Sprintf("line-%d", id), Proxy: fmt.Sprintf("pbx%d.example.com", random.IntN(proxies)),
		State: vox.Successful, StatusCode: 200,
		NonPersistent: random.IntN(10) == 0, Deactivated: random.IntN(20) == 0,
	}
	if random.IntN(10) > 0 {
		r.ApplicationID = 1 + random.Int64N(applications)
		r.RuleID = r.ApplicationID*5 - random.Int64N(5)
	}
	if id%2 == 0 {
		r.UserID = id
	}
	if random.IntN(10) == 0 {
		r.State, r.StatusCode = vox.Failed, []int64{401, 403, 404, 408, 480, 486, 500, 502, 503, 603}[random.IntN(10)]
	}
	return r
}

// filled returns a store of samples, of one account or several.
func filled(b *testing.B, rows int, accounts ...int) *store.Store {
	b.Helper()
	s := store.New()
	batch := make([]vox.Registration, 0, 500)
	for id := 1; id <= rows; id++ {
		r := sample(int64(id), rows)
		if len(accounts) > 0 {
			r.AccountID = 1 + int64(id%accounts[0])
		}
		batch = append(batch, r)
		if len(batch) == cap(batch) || id == rows {
			mustWrite(b, s, batch...)
			batch = batch[:0]
		}
	}
	return s
}

// perSize runs a benchmark at each size and builds the store when needed.
func perSize(b *testing.B, run func(*testing.B, *store.Store, int)) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			s := filled(b, n)
			runtime.GC() // so that filling is not part of the first benchmark
			run(b, s, n)
		})
	}
}

type question struct {
	name  string
	where []query.Filter
	page  query.Page
}

// benchmarked are the queries, which docs/performance.md describes. Pages of deep ones
// are near the end of the result.
func benchmarked(rows int) []question {
	proxy := is("proxy", "pbx1.example.com")
	successful, persistent := is("successful", true), is("is_persistent", true)
	failed, thawed := is("successful", false), is("deactivated", false)
	failing := query.Filter{Index: "status_code", Ranges: []query.Range{{Low: query.Number(401), High: query.Number(401)}, {Low: query.Number(403), High: query.Number(408)}}}
	five := []query.Filter{persistent, failed, thawed, proxy, failing}
	first, deep := query.Page{Count: 20}, query.Page{Offset: rows*8/10 - 20, Count: 20}
	return []question{
		{"none", nil, first},
		{"none-deep", nil, query.Page{Offset: rows - 20, Count: 20}},
		{"selective", []query.Filter{is("application_id", int64(7))}, first},
		{"one", []query.Filter{is("sip_username", "line-77")}, first},
		{"unselective", []query.Filter{successful}, first},
		{"unselective-deep", []query.Filter{successful}, deep},
		{"two", []query.Filter{proxy, failed}, first},
		{"two-wide", []query.Filter{persistent, successful}, first},
		{"two-wide-deep", []query.Filter{persistent, successful}, deep},
		{"five", five, first},
		{"five-deep", five, query.Page{Offset: rows / 2000, Count: 20}},
		{"lists", []query.Filter{in[int64]("application_id", 5, 6, 7), failing}, first},
		{"disjoint", []query.Filter{is("status_code", int64(200)), failed}, first},
	}
}

// BenchmarkSelect reads one page of 20 rows.
func BenchmarkSelect(b *testing.B) {
	perSize(b, func(b *testing.B, s *store.Store, n int) {
		for _, q := range benchmarked(n) {
			b.Run(q.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					selectPage(b, s, q)
				}
			})
		}
	})
}

func selectPage(b *testing.B, s *store.Store, q question) {
	err := s.Read(noon, func(tx *store.Tx) error {
		store.Select(tx, store.Registrations, 1, store.Conditions(store.Registrations, q.where), q.page)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func lastID(b *testing.B, s *store.Store) (last int64) {
	b.Helper()
	err := s.Read(noon, func(tx *store.Tx) error { last = store.NextID(tx, store.Registrations) - 1; return nil })
	if err != nil {
		b.Fatal(err)
	}
	return last
}

// BenchmarkWrite changes a store: rebind moves a registration to another application and
// rule, without its user; reinsert deletes a row and inserts it again; insert inserts one
// row per transaction; batch inserts 50 (see its ns/row).
func BenchmarkWrite(b *testing.B) {
	perSize(b, func(b *testing.B, s *store.Store, n int) {
		b.Run("rebind", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rebind(b, s, n)
			}
		})
		b.Run("reinsert", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				reinsert(b, s, n)
			}
		})
		b.Run("insert", func(b *testing.B) {
			b.ReportAllocs()
			for next := lastID(b, s) + 1; b.Loop(); next++ {
				mustWrite(b, s, sample(next, n))
			}
		})
		b.Run("batch", func(b *testing.B) {
			b.ReportAllocs()
			batch := make([]vox.Registration, 50)
			for next := lastID(b, s) + 1; b.Loop(); next += int64(len(batch)) {
				for i := range batch {
					batch[i] = sample(next+int64(i), n)
				}
				mustWrite(b, s, batch...)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch)), "ns/row")
		})
	})
}

func rebind(b *testing.B, s *store.Store, n int) {
	r, other := sample(1+rand.Int64N(int64(n)), n), sample(1+rand.Int64N(int64(n)), n)
	r.ApplicationID, r.RuleID, r.UserID = other.ApplicationID, other.RuleID, 0
	mustWrite(b, s, r)
}

func reinsert(b *testing.B, s *store.Store, n int) {
	id := 1 + rand.Int64N(int64(n))
	err := s.Write(noon, func(tx *store.Tx) error { store.Delete(tx, store.Registrations, id); return nil })
	if err != nil {
		b.Fatal(err)
	}
	mustWrite(b, s, sample(id, n))
}

// BenchmarkReadersBesideAWriter runs the query "two" while another goroutine inserts
// rows.
func BenchmarkReadersBesideAWriter(b *testing.B) {
	s := filled(b, 100_000)
	var stop atomic.Bool
	var writer sync.WaitGroup
	writer.Go(func() {
		for id := int64(100_001); !stop.Load(); id++ {
			mustWrite(b, s, sample(id, 100_000))
		}
	})
	two := benchmarked(100_000)[6]
	for b.Loop() {
		selectPage(b, s, two)
	}
	stop.Store(true)
	writer.Wait()
}

// BenchmarkMemory measures the bytes per row, including indexes: with one account, and
// with 10,000 accounts with interleaved ids.
func BenchmarkMemory(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) { measure(b, n, 1) })
	}
	b.Run("accounts=10000", func(b *testing.B) { measure(b, 100_000, 10_000) })
}

func measure(b *testing.B, rows, accounts int) {
	var perRow float64
	for b.Loop() {
		before := heap()
		s := filled(b, rows, accounts)
		perRow = float64(heap()-before) / float64(rows)
		runtime.KeepAlive(s)
	}
	b.ReportMetric(perRow, "B/row")
	b.ReportMetric(0, "ns/op")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkWriters inserts one row per transaction from eight goroutines, which share
// commits.
func BenchmarkWriters(b *testing.B) {
	s := filled(b, 100_000)
	var last atomic.Int64
	last.Store(lastID(b, s))
	b.SetParallelism(max(1, 8/runtime.GOMAXPROCS(0)))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mustWrite(b, s, sample(last.Add(1), 100_000))
		}
	})
}
