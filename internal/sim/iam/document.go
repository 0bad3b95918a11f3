package iam

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
)

// document is a policy as far as its form is checked.
type document struct {
	Version   string
	ID        string `json:"Id"`
	Statement statements
}

type statement struct {
	Sid, Effect             string
	Principal, NotPrincipal json.RawMessage
	Action, NotAction       words
	Resource, NotResource   words
	Condition               map[string]map[string]json.RawMessage
}

// statements is one statement or a list of them.
type statements []statement

// UnmarshalJSON takes both forms.
func (s *statements) UnmarshalJSON(b []byte) error {
	if strings.HasPrefix(strings.TrimSpace(string(b)), "[") {
		var list []statement
		if err := strict(b, &list); err != nil {
			return err
		}
		*s = list
		return nil
	}
	var one statement
	if err := strict(b, &one); err != nil {
		return err
	}
	*s = statements{one}
	return nil
}

// words is one string or a list of them.
type words []string

// UnmarshalJSON takes both forms.
func (w *words) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*w = words{one}
		return nil
	}
	var list []string
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*w = list
	return nil
}

func strict(b []byte, v any) error {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func malformed(format string, a ...any) error {
	return wire.Errorf("MalformedPolicyDocument", format, a...)
}

// encoded is a document as IAM answers it: percent-encoded as in RFC 3986.
func encoded(doc string) *string {
	return aws.String(strings.ReplaceAll(url.QueryEscape(doc), "+", "%20"))
}

// parse reads a document and what is common to all kinds; notJSON is what IAM says of text that is no JSON.
func parse(text, notJSON string) (document, error) {
	var d document
	if !json.Valid([]byte(text)) {
		return d, malformed("%s", notJSON)
	}
	if err := strict([]byte(text), &d); err != nil || len(d.Statement) == 0 {
		return d, malformed("Syntax errors in policy.")
	}
	if d.Version != "" && d.Version != "2012-10-17" && d.Version != "2008-10-17" {
		return d, malformed("The policy must contain a valid version string")
	}
	for _, s := range d.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return d, malformed("Syntax errors in policy.")
		}
		if len(s.Action)+len(s.NotAction) == 0 {
			return d, malformed("Policy statement must contain actions.")
		}
	}
	return d, nil
}

// identityDocument checks a policy that is attached to a role.
func identityDocument(v *string) (string, error) {
	text, err := required("policyDocument", v)
	if err != nil {
		return "", err
	}
	d, err := parse(text, "Syntax errors in policy.")
	if err != nil {
		return "", err
	}
	for _, s := range d.Statement {
		if err := checkIdentity(s); err != nil {
			return "", err
		}
	}
	return text, nil
}

func checkIdentity(s statement) error {
	if s.Principal != nil || s.NotPrincipal != nil {
		return malformed("Policy document should not specify a principal.")
	}
	if len(s.Resource)+len(s.NotResource) == 0 {
		return malformed("Policy statement must contain resources.")
	}
	for _, action := range slices.Concat(s.Action, s.NotAction) {
		if action != "*" && !actionForm.MatchString(action) {
			return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
		}
	}
	for _, r := range slices.Concat(s.Resource, s.NotResource) {
		if whole := strings.HasPrefix(r, "arn:") && (strings.Count(r, ":") >= 5 || strings.HasSuffix(r, "*")); r != "*" && !whole {
			return malformed(`Resource %s must be in ARN format or "*".`, r)
		}
	}
	return nil
}

// mostTrust is the usual size of a trust policy in characters, white space not counted.
const mostTrust = 2048

// trustDocument checks the policy that says who may take a role on.
func trustDocument(v *string, member string) (string, error) {
	text, err := required(member, v)
	if err != nil {
		return "", err
	}
	d, err := parse(text, "This policy contains invalid Json")
	if err != nil {
		return "", err
	}
	for _, s := range d.Statement {
		if err := checkTrust(s); err != nil {
			return "", err
		}
	}
	if weight(text) > mostTrust {
		return "", exceeded("Cannot exceed quota for ACLSizePerRole: %d", mostTrust)
	}
	return text, nil
}

func checkTrust(s statement) error {
	if len(s.Resource)+len(s.NotResource) > 0 {
		return malformed("Has prohibited field Resource")
	}
	if s.Principal == nil {
		return malformed("AssumeRole policy must contain principals")
	}
	for _, a := range s.Action {
		if !strings.HasPrefix(strings.ToLower(a), "sts:") && a != "*" {
			return malformed("AssumeRole policy may only specify STS AssumeRole actions.")
		}
	}
	return checkPrincipal(s.Principal)
}

// The forms of principals (services; users, roles or accounts) and of actions (IAM user guide, "Policy elements").
var (
	serviceForm = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$`)
	actionForm  = regexp.MustCompile(`^[^:]+:.+$`)
	accountForm = regexp.MustCompile(`^(\*|[0-9]{12}|arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+|A[A-Z0-9]{20})$`)
)

// checkPrincipal refuses principals that cannot exist. Whether an account's user exists is not asked.
func checkPrincipal(raw json.RawMessage) error {
	var all string
	if json.Unmarshal(raw, &all) == nil {
		if all == "*" {
			return nil
		}
		return malformed("Invalid principal in policy: %q", all)
	}
	var p struct{ Service, AWS, Federated, CanonicalUser words }
	if err := strict(raw, &p); err != nil {
		return malformed("Syntax errors in policy.")
	}
	if err := checkForm("SERVICE", p.Service, serviceForm); err != nil {
		return err
	}
	if err := checkForm("AWS", p.AWS, accountForm); err != nil {
		return err
	}
	if len(p.Service)+len(p.AWS)+len(p.Federated)+len(p.CanonicalUser) == 0 {
		return malformed("AssumeRole policy must contain principals")
	}
	return nil
}

func checkForm(kind string, names words, form *regexp.Regexp) error {
	for _, n := range names {
		if !form.MatchString(n) {
			return malformed("Invalid principal in policy: %q:%q", kind, n)
		}
	}
	return nil
}
