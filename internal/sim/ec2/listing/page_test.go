package listing

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"pgregory.net/rapid"
)

func TestPagesTogetherAreTheWholeList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Int(), 0, 40).Draw(t, "rows")
		size := rapid.Int32Range(5, 12).Draw(t, "size")
		var got []int
		var token *string
		for {
			part, next, err := Page(rows, Paging{Max: &size, Token: token})
			if err != nil {
				t.Fatal(err)
			}
			if len(part) > int(size) {
				t.Fatalf("page of %d", len(part))
			}
			got = append(got, part...)
			if next == nil {
				break
			}
			token = next
		}
		if !slices.Equal(got, rows) {
			t.Fatalf("got %v, want %v", got, rows)
		}
	})
}

func TestPageSizesAndTokensAreChecked(t *testing.T) {
	rows := make([]int, 30)
	for _, x := range []struct {
		name, code, words string
		p                 Paging
	}{
		{"too few", "InvalidParameterValue", "greater than 5", Paging{Max: aws.Int32(4)}},
		{"too many", "InvalidParameterValue", "less than 1000", Paging{Max: aws.Int32(1001)}},
		{"too many for this one", "InvalidParameterValue", "less than 100", Paging{Max: aws.Int32(101), Most: 100}},
		{"with ids", "InvalidParameterCombination", "maxResults", Paging{Max: aws.Int32(5), IDs: true}},
		{"a made-up token", "InvalidNextToken", "", Paging{Token: aws.String("AAAA")}},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, _, err := Page(rows, x.p)
			refused(t, err, x.code, x.words)
		})
	}
}

func TestWithoutMaxResultsEverythingIsOnePage(t *testing.T) {
	rows := make([]int, 2000)
	got, next, err := Page(rows, Paging{})
	if len(got) != 2000 || next != nil || err != nil {
		t.Errorf("got %d, %v, %v", len(got), next, err)
	}
	got, next, err = Page(rows, Paging{Usual: 100})
	if len(got) != 100 || next == nil || err != nil {
		t.Errorf("with a usual size: got %d, %v, %v", len(got), next, err)
	}
}
