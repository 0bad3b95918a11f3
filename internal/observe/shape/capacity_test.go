package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

func TestAFailureThatALaterLaunchOvercameIsNoNewsAnyMore(t *testing.T) {
	failed := types.Activity{StatusCode: types.ScalingActivityStatusCodeFailed, Description: aws.String("d"), StatusMessage: aws.String("no room")}
	bare := types.Activity{StatusCode: types.ScalingActivityStatusCodeFailed, Description: aws.String("Launching failed")}
	launched := types.Activity{StatusCode: types.ScalingActivityStatusCodeSuccessful, Description: aws.String("Launching a new EC2 instance: i-1")}
	ended := types.Activity{StatusCode: types.ScalingActivityStatusCodeSuccessful, Description: aws.String("Terminating EC2 instance: i-2")}
	running := types.Activity{StatusCode: types.ScalingActivityStatusCodeInProgress}
	for _, one := range []struct {
		newestFirst []types.Activity
		want        string
	}{
		{nil, ""},
		{[]types.Activity{running, ended, failed, launched}, "no room"},
		{[]types.Activity{launched, failed}, ""},
		{[]types.Activity{bare, failed}, "Launching failed"},
	} {
		if got := Failure(one.newestFirst); got != one.want {
			t.Errorf("got %q, want %q", got, one.want)
		}
	}
}
