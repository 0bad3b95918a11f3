package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/sim/world"
)

func TestAKeptRoleIsThereAndStaysAsItIs(t *testing.T) {
	const arn = "arn:aws:iam::123456789012:role/ecs/logs-router"
	w := world.New(1)
	for range 2 {
		if err := Keep(w, arn); err != nil {
			t.Fatal(err)
		}
	}
	out, err := GetRole(&world.Call{World: w}, &iam.GetRoleInput{RoleName: aws.String("logs-router")})
	if err != nil || *out.Role.Arn != arn || *out.Role.Path != "/ecs/" {
		t.Fatalf("%v %+v", err, out)
	}
	for _, wrong := range []string{
		"", "logs-router", "arn:aws:iam::123456789012:user/x", "arn:aws:iam::210987654321:role/x", "arn:aws:iam::123456789012:role/other/logs-router",
		"arn:aws:iam::123456789012:role/a b",
	} {
		if Keep(w, wrong) == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
