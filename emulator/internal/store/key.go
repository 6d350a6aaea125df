package store

import (
	"fmt"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// appendValue encodes a value so that encoded values sort like the values. Stored values
// and queries both use it.
func appendValue(key []byte, v query.Value) []byte {
	switch v := v.(type) {
	case int64:
		return appendNumber(key, uint64(v)^(1<<63))
	case string:
		return append(append(key, escape(v)...), 0, 1)
	case bool:
		if v {
			return append(key, 1)
		}
		return append(key, 0)
	case time.Time:
		return appendValue(key, v.UnixNano())
	}
	panic(fmt.Sprintf("store: no key for a %T", v)) // cannot happen: no declaration has another type
}

// digitBits is the number of bits of a digit. With whole bytes, nodes would have 256
// children, all of which are copied when a row is appended.
const (
	digitBits    = 6
	numberLength = (64 + digitBits - 1) / digitBits // in bytes
)

// appendNumber encodes a number in digits of few bits, the highest first.
func appendNumber(key []byte, n uint64) []byte {
	for digit := numberLength - 1; digit >= 0; digit-- {
		key = append(key, byte(n>>(digit*digitBits))&(1<<digitBits-1))
	}
	return key
}

func number(key []byte) (n uint64) {
	for _, d := range key {
		n = n<<digitBits | uint64(d)
	}
	return n
}

// escape encodes a NUL inside a text as 0 255, because a text ends with 0 1, so that no
// encoded text is a prefix of another.
func escape(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "\x00\xff")
}

// byKey is an index of memdb on keys that are already encoded.
type byKey struct {
	key func(row any) ([]byte, bool)
}

// FromObject returns a row's key; false if the row is not indexed.
func (k byKey) FromObject(row any) (bool, []byte, error) {
	key, ok := k.key(row)
	return ok, key, nil
}

// FromArgs returns an encoded key.
func (k byKey) FromArgs(args ...any) ([]byte, error) {
	key, ok := args[0].([]byte)
	if !ok || len(args) != 1 {
		return nil, fmt.Errorf("want one encoded key")
	}
	return key, nil
}

// PrefixFromArgs returns the prefix of an encoded key.
func (k byKey) PrefixFromArgs(args ...any) ([]byte, error) { return k.FromArgs(args...) }
