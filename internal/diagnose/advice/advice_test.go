package advice

import "testing"

func TestTheLogCommandIsComplete(t *testing.T) {
	full := Log{Region: "eu-west-1", Group: "/shop/web", Prefix: "web", Container: "app", Task: "a1", Host: "i-1"}
	bare := full
	bare.Prefix = ""
	none := Log{Region: "eu-west-1", Container: "app", Host: "i-1"}
	for got, want := range map[string]string{
		full.Read(): "read its last lines: aws logs tail /shop/web --log-stream-names web/app/a1 --since 2h --region eu-west-1",
		bare.Read(): "read its last lines: aws logs tail /shop/web --since 2h --region eu-west-1",
		none.Read(): "read its log on i-1: docker logs of container app; give it an awslogs logConfiguration in taskdef.json so that logs outlive instances",
	} {
		if got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	}
}

func TestAQuotaIsNamedOnlyWhereTheWordsAndTypesTellIt(t *testing.T) {
	const (
		vcpu = "You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to."
		spot = "Max spot instance count exceeded. Launching EC2 instance failed."
	)
	for _, c := range []struct {
		why   string
		types []string
		code  string
		limit string
	}{
		{vcpu, []string{"m7i.large", "t3.large"}, "L-1216C47A", "32"},
		{vcpu, []string{"g5.xlarge"}, "L-DB2E81BA", "32"},
		{vcpu, []string{"inf1.xlarge"}, "L-1945791B", "32"},
		{vcpu, []string{"i3.large"}, "L-1216C47A", "32"},
		{vcpu, []string{"trn1.2xlarge"}, "L-2C3B7624", "32"},
		{spot, []string{"m7i.large"}, "L-34B43A08", ""},
		{vcpu, []string{"m7i.large", "g5.xlarge"}, "", ""},
		{vcpu, nil, "", ""},
		{vcpu, []string{"mac2.metal"}, "", ""},
		{vcpu, []string{"weird"}, "", ""},
		{"The image id '[ami-1]' does not exist.", []string{"m7i.large"}, "", ""},
	} {
		q, ok := QuotaOf(c.why, c.types)
		if q.Code != c.code || q.Limit != c.limit || ok != (c.code != "") {
			t.Errorf("%s %v: %+v %v", c.why, c.types, q, ok)
		}
	}
}
