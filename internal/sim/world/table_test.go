package world

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

type savedRow[T any] struct {
	Key string
	Row *T
}

// twinTable is a table that anybody believes: a list of pairs.
type twinTable []savedRow[int]

func (t twinTable) find(key string) int {
	return slices.IndexFunc(t, func(r savedRow[int]) bool { return r.Key == key })
}

func (t *twinTable) put(key string, row *int) {
	if i := t.find(key); i >= 0 {
		(*t)[i].Row = row
	} else {
		*t = append(*t, savedRow[int]{key, row})
	}
}

func (t *twinTable) delete(key string) {
	if i := t.find(key); i >= 0 {
		*t = slices.Delete(*t, i, i+1)
	}
}

func walk(t *Table[int]) []savedRow[int] {
	var rows []savedRow[int]
	for k, r := range t.All() {
		rows = append(rows, savedRow[int]{k, r})
	}
	return rows
}

func TestTableIsLikeAListOfPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table Table[int]
		var twin twinTable
		for n := range rapid.IntRange(1, 400).Draw(t, "steps") {
			key := fmt.Sprint(rapid.IntRange(0, 40).Draw(t, "key"))
			if rapid.Bool().Draw(t, "put") {
				table.Put(key, &n)
				twin.put(key, &n)
			} else {
				table.Delete(key)
				twin.delete(key)
			}
			if got := walk(&table); !slices.Equal(got, twin) || table.Len() != len(twin) {
				t.Fatalf("walk %v, want %v", got, twin)
			}
			row, ok := table.Get(key)
			if i := twin.find(key); ok != (i >= 0) || ok && row != twin[i].Row {
				t.Fatalf("Get(%s) = %v %t", key, row, ok)
			}
			if got := slices.Collect(table.Rows()); len(got) != len(twin) {
				t.Fatalf("%d rows, want %d", len(got), len(twin))
			}
		}
	})
}

func TestWalkIsNotDisturbedByWhatItDoes(t *testing.T) {
	var table Table[int]
	for i := range 6 {
		table.Put(fmt.Sprint(i), &i)
	}
	var seen []string
	for k := range table.All() {
		seen = append(seen, k)
		table.Delete(k)
		table.Delete("3")
		table.Put("new"+k, new(int))
	}
	if want := []string{"0", "1", "2", "4", "5"}; !slices.Equal(seen, want) {
		t.Errorf("the walk saw %v, want %v", seen, want)
	}
	seen = nil
	for k := range table.All() {
		seen = append(seen, k)
	}
	if want := []string{"new0", "new1", "new2", "new4", "new5"}; !slices.Equal(seen, want) {
		t.Errorf("left are %v, want %v", seen, want)
	}
}

func TestWalkEndsWhenAsked(t *testing.T) {
	var table Table[int]
	table.Put("a", new(int))
	table.Put("b", new(int))
	n := 0
	for range table.Rows() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d rows after a break", n)
	}
}

func TestTableKeepsItsOrderAsJSON(t *testing.T) {
	var table Table[int]
	for i, k := range []string{"z", "a", "m"} {
		table.Put(k, &i)
	}
	b, err := json.Marshal(table)
	if err != nil {
		t.Fatal(err)
	}
	if want := `[{"Key":"z","Row":0},{"Key":"a","Row":1},{"Key":"m","Row":2}]`; string(b) != want {
		t.Errorf("%s, want %s", b, want)
	}
	var again Table[int]
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, table) {
		t.Errorf("read back as %v", walk(&again))
	}
	if err := json.Unmarshal([]byte(`{}`), &again); err == nil {
		t.Error("a table is read from what is no list")
	}
}
