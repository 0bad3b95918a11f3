package listing

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/world"
)

type order struct{ What *string }

func TestTokenMakesACallHappenOnce(t *testing.T) {
	w := world.New(1)
	c := &world.Call{World: w, Region: w.Region("eu-west-1"), Operation: "CreateThing"}
	first, err := ClaimToken(c, aws.String("t1"), &order{aws.String("a")})
	if err != nil || first.Made != "" {
		t.Fatalf("first: %v, %v", first, err)
	}
	first.Done("thing-1")
	again, err := ClaimToken(c, aws.String("t1"), &order{aws.String("a")})
	if err != nil || again.Made != "thing-1" {
		t.Errorf("again: %v, %v", again.Made, err)
	}
	_, err = ClaimToken(c, aws.String("t1"), &order{aws.String("b")})
	refused(t, err, "IdempotentParameterMismatch", "different parameters")

	other := *c
	other.Operation = "CreateOther"
	fresh, err := ClaimToken(&other, aws.String("t1"), &order{aws.String("b")})
	if err != nil || fresh.Made != "" {
		t.Errorf("another operation: %v, %v", fresh.Made, err)
	}
}

func TestCallsWithoutTokenAreAlwaysNew(t *testing.T) {
	w := world.New(1)
	c := &world.Call{World: w, Region: w.Region("eu-west-1"), Operation: "CreateThing"}
	for range 2 {
		got, err := ClaimToken(c, nil, &order{})
		if err != nil || got.Made != "" {
			t.Errorf("got %v, %v", got.Made, err)
		}
		got.Done("thing-1")
	}
	_, err := ClaimToken(c, aws.String(strings.Repeat("x", 65)), &order{})
	refused(t, err, "InvalidParameterValue", "64")
}
