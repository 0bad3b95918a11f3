package config

import (
	"regexp"
	"slices"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

// Deployer is who may take the role that deploys services: those of one of the three ways that is not empty.
type Deployer struct {
	Principals []string // ARNs of users and roles

	Provider string   // ARN of an OpenID Connect provider
	Subjects []string // of the provider's tokens, in file order; * and ? are wildcards
	Audience string   // of the provider's tokens

	Account    string // an account's id
	ExternalID string // what it must name; may be empty
}

// On tells whether there is such a role.
func (d Deployer) On() bool { return len(d.Principals) > 0 || d.Provider != "" || d.Account != "" }

// Wildcard tells whether a subject stands for more than one.
func Wildcard(subject string) bool { return strings.ContainsAny(subject, "*?") }

// ProviderHost is the address of an OpenID Connect provider, without the scheme, as trust policies name its claims.
func (d Deployer) ProviderHost() string {
	_, host, _ := strings.Cut(d.Provider, ":oidc-provider/")
	return host
}

// usualAudience is whom the tokens for AWS are for unless the workflow says otherwise.
const usualAudience = "sts.amazonaws.com"

var (
	principalARN  = regexp.MustCompile(`^arn:(aws[a-z-]*):(?:iam|sts)::[0-9]{12}:(?:root|(?:user|role|assumed-role|federated-user)/[\w+=,.@/-]+)$`)
	providerARN   = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::[0-9]{12}:oidc-provider/[a-zA-Z0-9.-]+(?:/[!-~]*)?$`)
	accountNumber = regexp.MustCompile(`^[0-9]{12}$`)
	externalID    = regexp.MustCompile(`^[\w+=,.@:/-]*$`)
	subjectText   = regexp.MustCompile(`^[ -~]+$`)
)

// deployer reads who may deploy.
func (s settings) deployer(region string) Deployer {
	v, given := s.values["deployer"]
	if !given {
		return Deployer{}
	}
	inner, ok := s.nested(option.Deployer, tfvars.Entry{Key: "deployer", At: v.At, Value: v})
	if !ok {
		return Deployer{}
	}
	inner.finish()
	inner.onePrincipal()
	inner.beside("external_id", "account")
	inner.beside("subjects", "oidc_provider_arn")
	inner.beside("audience", "oidc_provider_arn")
	return Deployer{
		Principals: inner.principals(region), Provider: inner.provider(region), Subjects: inner.subjects(), Audience: inner.audience(),
		Account: inner.account(), ExternalID: inner.externalID(),
	}
}

// onePrincipal wants one of the three ways to say who may.
func (s settings) onePrincipal() {
	ways := []string{"principal_arns", "oidc_provider_arn", "account"}
	var given []string
	for _, w := range ways {
		if _, ok := s.values[w]; ok {
			given = append(given, w)
		}
	}
	switch {
	case len(given) == 0:
		s.Fail(s.at, Fault{
			Code: codeWho, Summary: "deployer does not say who may deploy", Hint: `such as deployer = { principal_arns = ["arn:aws:iam::123456789012:role/ci"] }`,
		})
	case len(given) > 1:
		s.Fail(s.values[given[1]].At, Fault{
			Code: codeWho, Summary: "deployer says who may deploy in " + map[int]string{2: "two", 3: "three"}[len(given)] + " ways: " + strings.Join(given, ", "),
			Hint: "keep one",
		})
	}
}

// beside refuses a setting that means nothing without another.
func (s settings) beside(name, other string) {
	_, there := s.values[other]
	if v, given := s.values[name]; given && !there {
		s.Fail(v.At, Fault{Code: codeNotHere, Summary: v.Path + " means nothing without " + other, Hint: "add " + other + ", or leave it out"})
	}
}

func (s settings) principals(region string) []string {
	list, ok := s.list("principal_arns")
	if v := s.values["principal_arns"]; ok && len(list) == 0 {
		s.Fail(v.At, Fault{Code: codeWho, Summary: v.Path + " names nobody", Hint: `such as ["arn:aws:iam::123456789012:role/ci"], or leave deployer out`})
	}
	var out []string
	for _, w := range list {
		switch {
		case w.text == "*":
			s.Fail(w.At, Fault{Code: codeWho, Summary: w.Path + ` cannot be "*"`, Detail: "Every account of AWS could take the role.", Hint: "name users and roles"})
		case slices.Contains(out, w.text):
			s.Fail(w.At, Fault{Code: tfvars.CodeTwice, Summary: w.Path + " is named twice", Hint: "name everybody once"})
		default:
			s.checkARN(w, principalARN, region, "a user or role", `"arn:`+Partition(region)+`:iam::123456789012:role/ci"`)
			out = append(out, w.text)
		}
	}
	return out
}

// checkARN wants the ARN of a certain thing of IAM, in the region's partition.
func (s settings) checkARN(w written, form *regexp.Regexp, region, what, example string) {
	m := form.FindStringSubmatch(w.text)
	switch {
	case m == nil:
		s.Fail(w.At, Fault{Code: codeARN, Summary: w.Path + " cannot be " + tfvars.Quote(w.text), Detail: "It is not the ARN of " + what + ".", Hint: "write it like " + example})
	case m[1] != Partition(region):
		s.Fail(w.At, Fault{
			Code: codeElsewhere, Summary: w.Path + " is of the partition " + m[1] + ", and " + region + " is in " + Partition(region), Hint: "write it like " + example,
		})
	}
}

func (s settings) provider(region string) string {
	text, ok := s.text("oidc_provider_arn")
	if !ok {
		return ""
	}
	example := `"arn:` + Partition(region) + `:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"`
	s.checkARN(written{text, s.values["oidc_provider_arn"]}, providerARN, region, "an OpenID Connect provider", example)
	if _, given := s.values["subjects"]; !given {
		s.Fail(s.values["oidc_provider_arn"].At, Fault{
			Code: codeWho, Summary: "deployer.subjects is missing", Detail: "Without it everybody who has an account at the provider could deploy.",
			Hint: `add subjects = ["repo:acme/shop:ref:refs/heads/main"]`,
		})
	}
	return text
}

func (s settings) subjects() []string {
	list, ok := s.list("subjects")
	if v := s.values["subjects"]; ok && len(list) == 0 {
		s.Fail(v.At, Fault{Code: codeWho, Summary: v.Path + " names nobody", Hint: `such as ["repo:acme/shop:ref:refs/heads/main"]`})
	}
	var out []string
	for _, w := range list {
		switch {
		case slices.Contains(out, w.text):
			s.Fail(w.At, Fault{Code: tfvars.CodeTwice, Summary: w.Path + " is named twice", Hint: "name everybody once"})
		case !subjectText.MatchString(w.text) || len(w.text) > 512 || strings.Contains(w.text, "${"):
			s.Fail(w.At, Fault{Code: codeIllegalText, Summary: w.Path + " cannot be " + tfvars.Quote(w.text), Hint: `such as "repo:acme/shop:ref:refs/heads/main"`})
		case ownerless(w.text):
			s.Fail(w.At, Fault{
				Code: codeWho, Summary: w.Path + " cannot be " + tfvars.Quote(w.text), Detail: "Strangers at the same provider could deploy: the wildcard stands where the owner does.",
				Hint: `name the owner: "repo:acme/*", or better the repository and branch: "repo:acme/shop:ref:refs/heads/main"`,
			})
		}
		out = append(out, w.text)
	}
	return out
}

// ownerless tells whether a wildcard comes before the end of what names the owner: of GitHub's "repo:acme/…" that is the
// slash, of other subjects something behind the first colon.
func ownerless(subject string) bool {
	fixed := subject
	if i := strings.IndexAny(subject, "*?"); i >= 0 {
		fixed = subject[:i]
	} else {
		return false
	}
	claim, owner, parted := strings.Cut(fixed, ":")
	return fixed == "" || parted && owner == "" || claim == "repo" && !strings.Contains(owner, "/")
}

func (s settings) audience() string {
	text, given := s.text("audience")
	if _, there := s.values["oidc_provider_arn"]; !given && there {
		return usualAudience
	}
	if v := s.values["audience"]; given && (!subjectText.MatchString(text) || Wildcard(text) || strings.Contains(text, "${")) {
		s.Fail(v.At, Fault{Code: codeIllegalText, Summary: v.Path + " cannot be " + tfvars.Quote(text), Hint: `leave it out for "` + usualAudience + `"`})
	}
	return text
}

func (s settings) account() string {
	text, ok := s.text("account")
	v := s.values["account"]
	switch {
	case ok && text == "*":
		s.Fail(v.At, Fault{Code: codeWho, Summary: v.Path + ` cannot be "*"`, Detail: "Every account of AWS could take the role.", Hint: "name one account"})
	case ok && !accountNumber.MatchString(text):
		s.Fail(v.At, Fault{
			Code: codeIllegalText, Summary: v.Path + " cannot be " + tfvars.Quote(text), Hint: `an account's id has 12 digits, in quotes: "012345678901"`,
		})
	}
	return text
}

func (s settings) externalID() string {
	text, ok := s.text("external_id")
	if v := s.values["external_id"]; ok && (len(text) < 2 || len(text) > 1224 || !externalID.MatchString(text)) {
		s.Fail(v.At, Fault{Code: codeIllegalText, Summary: v.Path + " cannot be " + tfvars.Quote(text), Hint: "2 to 1224 letters, digits and _ + = , . @ : / -"})
	}
	return text
}
