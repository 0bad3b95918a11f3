package sts

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"berth/internal/sim/world"
)

func TestCallerIsInTheAccount(t *testing.T) {
	w := world.New(1)
	out, err := GetCallerIdentity(&world.Call{World: w, Region: w.Region("eu-west-1")}, &sts.GetCallerIdentityInput{})
	if err != nil || *out.Account != "123456789012" || *out.Arn != "arn:aws:iam::123456789012:user/berth" || *out.UserId == "" {
		t.Errorf("caller is %+v (%v)", out, err)
	}
}
