package listing

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"pgregory.net/rapid"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// refused fails unless err is AWS's refusal with the code and a text that holds the words.
func refused(t *testing.T, err error, code, words string) {
	t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok || e.Code != code || !strings.Contains(e.Message, words) {
		t.Errorf("got %v, want %s: …%s…", err, code, words)
	}
}

type box struct{ name, colour string }

func boxes() Fields[box] {
	return Fields[box]{
		"name":   func(b *box) []string { return One(b.name) },
		"colour": func(b *box) []string { return One(b.colour) },
	}
}

func filter(name string, values ...string) types.Filter {
	return types.Filter{Name: aws.String(name), Values: values}
}

func TestFiltersJoinNamesByAndAndValuesByOr(t *testing.T) {
	row := &box{"alpha", "red"}
	tags := world.Tags{{Key: "team", Value: "core"}, {Key: "empty"}}
	for _, x := range []struct {
		filters []types.Filter
		want    bool
	}{
		{nil, true},
		{[]types.Filter{filter("name", "alpha")}, true},
		{[]types.Filter{filter("name", "beta", "alpha")}, true},
		{[]types.Filter{filter("name", "alpha"), filter("colour", "blue")}, false},
		{[]types.Filter{filter("name", "Alpha")}, false},
		{[]types.Filter{filter("name", "al*"), filter("colour", "r?d")}, true},
		{[]types.Filter{filter("name")}, false},
		{[]types.Filter{filter("tag:team", "core")}, true},
		{[]types.Filter{filter("tag:team", "c*")}, true},
		{[]types.Filter{filter("tag:team", "other")}, false},
		{[]types.Filter{filter("tag:none", "*")}, false},
		{[]types.Filter{filter("tag:empty", "")}, true},
		{[]types.Filter{filter("tag-key", "none", "team")}, true},
		{[]types.Filter{filter("tag-key", "none")}, false},
	} {
		got, err := match(x.filters, tags, boxes().of(row))
		if err != nil || got != x.want {
			t.Errorf("%v: %v, %v; want %v", x.filters, got, err, x.want)
		}
	}
}

func TestUnknownFilterIsRefusedEvenWithoutRows(t *testing.T) {
	none := func(*box) world.Tags { return nil }
	_, err := Sift(slices.Values([]*box{}), []types.Filter{filter("weight", "1")}, boxes(), none)
	refused(t, err, "InvalidParameterValue", "The filter 'weight' is invalid")
	_, err = Sift(slices.Values([]*box{}), []types.Filter{{Values: []string{"x"}}}, boxes(), none)
	refused(t, err, "MissingParameter", "Filter.Name")
}

func TestSiftKeepsTheOrder(t *testing.T) {
	rows := []*box{{"b", "red"}, {"a", "blue"}, {"c", "red"}}
	got, err := Sift(slices.Values(rows), []types.Filter{filter("colour", "red")}, boxes(), func(*box) world.Tags { return nil })
	if err != nil || len(got) != 2 || got[0].name != "b" || got[1].name != "c" {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestWildcardsEqualARegularExpression compares like with the library's matcher.
func TestWildcardsEqualARegularExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`([ab*?]|\\[*?\\]){0,8}`).Draw(t, "pattern")
		value := rapid.StringMatching(`[ab*?\\]{0,8}`).Draw(t, "value")
		var re strings.Builder
		for i := 0; i < len(pattern); i++ {
			switch pattern[i] {
			case '*':
				re.WriteString(".*")
			case '?':
				re.WriteString(".")
			case '\\':
				i++
				re.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
			default:
				re.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
			}
		}
		want := regexp.MustCompile("^(?s:" + re.String() + ")$").MatchString(value)
		if got := like(pattern, value); got != want {
			t.Fatalf("like(%q, %q) = %v", pattern, value, got)
		}
	})
}
