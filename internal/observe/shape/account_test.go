package shape

import "testing"

func TestAnARNTellsThePartOfAWS(t *testing.T) {
	for arn, want := range map[string]string{"arn:aws-cn:iam::1:user/x": "aws-cn", "arn:aws:sts::1:x": "aws", "": "aws", "x": "aws"} {
		if got := Partition(arn); got != want {
			t.Errorf("%s is in %s", arn, got)
		}
	}
}
