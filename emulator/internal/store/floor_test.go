package store_test

import (
	"testing"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/vox"
)

// BenchmarkFloor inserts one row per transaction into a bare memdb table of 100,000 rows
// whose only index is the id, for comparison.
func BenchmarkFloor(b *testing.B) {
	schema := &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{"rows": {Name: "rows", Indexes: map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: &memdb.IntFieldIndex{Field: "ID"}},
	}}}}
	db, err := memdb.NewMemDB(schema)
	if err != nil {
		b.Fatal(err)
	}
	insert := func(row vox.Registration) {
		txn := db.Txn(true)
		if err := txn.Insert("rows", &row); err != nil {
			b.Fatal(err)
		}
		txn.Commit()
	}
	id := int64(0)
	for id < 100_000 {
		id++
		insert(simple(id))
	}
	b.ReportAllocs()
	for b.Loop() {
		id++
		insert(simple(id))
	}
}
