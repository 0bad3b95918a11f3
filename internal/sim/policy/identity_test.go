package policy

import (
	"errors"
	"fmt"
	"testing"
)

const subnet = "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1"

// wants is a caller that wants to delete a subnet of a cluster.
func wants() Request {
	tags := map[string]string{"aws:resourcetag/cluster": "shop"}
	return Request{Action: "ec2:DeleteSubnet", Resource: subnet, Key: func(k string) (string, bool) {
		v, ok := tags[k]
		return v, ok
	}}
}

func TestIdentitiesMayDoWhatTheirPoliciesSay(t *testing.T) {
	const allow = `{"Effect":"Allow","Action":"ec2:DeleteSubnet","Resource":"*"}`
	for name, tt := range map[string]struct {
		statements string
		want       Verdict
		rule       string
	}{
		"by name":              {allow, Allowed, "1 ec2:DeleteSubnet"},
		"in other letters":     {`{"Effect":"Allow","Action":"ec2:deletesubnet","Resource":"*"}`, Allowed, "1 ec2:deletesubnet"},
		"by a wildcard":        {`{"Effect":"Allow","Action":["ecs:*","ec2:Delete*"],"Resource":"*"}`, Allowed, "1 ec2:Delete*"},
		"another action":       {`{"Effect":"Allow","Action":"ec2:DeleteVpc","Resource":"*"}`, Silent, ""},
		"by exception":         {`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, Allowed, "1 "},
		"excepted":             {`{"Effect":"Allow","NotAction":"ec2:*","Resource":"*"}`, Silent, ""},
		"the resource":         {`{"Effect":"Allow","Action":"ec2:DeleteSubnet","Resource":"arn:aws:ec2:*:123456789012:subnet/*"}`, Allowed, "1 ec2:DeleteSubnet"},
		"a star over colons":   {`{"Effect":"Allow","Action":"ec2:DeleteSubnet","Resource":"arn:aws:ec2:*:*:*-1:x"}`, Silent, ""},
		"an excepted resource": {`{"Effect":"Allow","Action":"*","NotResource":"arn:aws:ec2:*:*:subnet/*"}`, Silent, ""},
		"a condition":          {`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:resourcetag/cluster":"shop"}}}`, Allowed, "1 *"},
		"another condition":    {`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:resourcetag/cluster":"other"}}}`, Silent, ""},
		"absence":              {`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"aws:resourcetag/key":"true"}}}`, Allowed, "1 *"},
		"a deny behind":        {allow + `,{"Effect":"Deny","Action":"ec2:*","Resource":"*"}`, Denied, "2 ec2:*"},
		"a deny before":        {`{"Effect":"Deny","Action":"ec2:DeleteSubnet","Resource":"*"},` + allow, Denied, "1 ec2:DeleteSubnet"},
		"a deny of another":    {allow + `,{"Effect":"Deny","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:vpc/*"}`, Allowed, "1 ec2:DeleteSubnet"},
		"the first that fits":  {`{"Effect":"Allow","Action":"ec2:*","Resource":"*"},` + allow, Allowed, "1 ec2:*"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := ParseIdentity(`{"Version":"2012-10-17","Statement":[` + tt.statements + `]}`)
			if err != nil {
				t.Fatal(err)
			}
			got, by := p.Judge(wants())
			rule := ""
			if got != Silent {
				rule = fmt.Sprintf("%d %s", by.Statement, by.Action)
			}
			if got != tt.want || rule != tt.rule {
				t.Errorf("%d by %q, want %d by %q", got, rule, tt.want, tt.rule)
			}
		})
	}
}

func TestWhatIsNoIdentityPolicyIsRefusedWithItsPlace(t *testing.T) {
	one := func(rest string) string {
		return "{\n \"Version\": \"2012-10-17\",\n \"Statement\": [\n  {\"Effect\": \"Allow\", " + rest + "}\n ]\n}"
	}
	for name, tt := range map[string]struct{ text, want string }{
		"no JSON":       {"{\n  x\n}", "2:3: invalid character 'x' looking for beginning of object key string"},
		"no object":     {"[]", "1:2: a policy is a JSON object"},
		"nothing":       {"{}", "1:1: the policy has no statement"},
		"a principal":   {one(`"Principal": "*", "Action": "*", "Resource": "*"`), "4:3: statement 1 names a principal: the one who calls is the one who has the policy"},
		"no action":     {one(`"Resource": "*"`), "4:3: statement 1: there must be an action"},
		"odd action":    {one(`"Action": "CreateVpc", "Resource": "*"`), `4:3: statement 1: "CreateVpc" is no action; one is ec2:CreateVpc or ecs:Describe*`},
		"odd resource":  {one(`"Action": "*", "Resource": "bucket"`), `4:3: statement 1: "bucket" is no ARN`},
		"a variable":    {one(`"Action": "*", "Resource": "arn:aws:s3:::${aws:username}"`), `4:3: statement 1: the variable in "arn:aws:s3:::${aws:username}" is not supported`},
		"odd Sid":       {one(`"Sid": "a b", "Action": "*", "Resource": "*"`), `4:3: statement 1: the Sid "a b" has more than letters and digits`},
		"odd operator":  {one(`"Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "x"}}`), "4:3: statement 1: the condition DateLessThan is not supported"},
		"odd element":   {one(`"Actions": "*", "Resource": "*"`), `4:3: statement 1 cannot be read: json: unknown field "Actions"`},
		"two of a name": {`{"Statement": [{"Sid": "A", "Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "A", "Effect": "Allow", "Action": "*", "Resource": "*"}]}`, "1:81: statement 2: there is a statement A already"},
	} {
		_, err := ParseIdentity(tt.text)
		if bad, ok := errors.AsType[*Fault](err); !ok || bad.Error() != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}
