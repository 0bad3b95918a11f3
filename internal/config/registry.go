package config

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

// Where berth keeps the password of a registry.
const (
	SecretsManager = "secrets_manager" // ECS reads it at each task start
	S3             = "s3"              // the ECS agent has it in its configuration
)

// Registry is a private registry and where its login comes from: SecretARN, or Username with PasswordEnv or PasswordFile.
type Registry struct {
	Host         string // "docker.io", "ghcr.io", "registry.example.com:5000"
	Username     string
	PasswordEnv  string // the environment variable that holds the password
	PasswordFile string // the file that holds it
	SecretARN    string // a secret that exists and is not ours
	Store        string // SecretsManager or S3
}

// Source says where the password comes from, for people; empty for a secret that exists.
func (r Registry) Source() string {
	switch {
	case r.PasswordEnv != "":
		return "the environment variable " + r.PasswordEnv
	case r.PasswordFile != "":
		return "the file " + r.PasswordFile
	}
	return ""
}

var (
	registryHost = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:[0-9]{1,5})?$`)
	ecrHost      = regexp.MustCompile(`\.dkr[.-]ecr[.-].*(amazonaws\.com|on\.aws)|^public\.ecr\.aws$`)
	userText     = regexp.MustCompile(`^[!-9;-~]([ -9;-~]{0,253}[!-9;-~])?$`) // a colon ends the name in HTTP's logins
	tokenText    = regexp.MustCompile(`^(gh[oprsu]_|github_pat_|dckr_[a-z]+_|glpat-|gldt-|eyJ)`)
	secretARN    = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}-[A-Za-z0-9]{6}$`)
)

// registries reads the private registries.
func (s settings) registries(c *Config) {
	if v, given := s.values["registries"]; given && v.Shape != tfvars.Table {
		s.wrongLogin(v, option.Maps)
		return
	}
	for _, e := range s.table("registries") {
		s.checkHost(e)
		if e.Value.Shape != tfvars.Table {
			s.wrongLogin(e.Value, option.Map)
			continue
		}
		open := e
		open.Value.Entries = s.withoutSecrets(e)
		if inner, ok := s.nested(option.Registry, open); ok {
			inner.finish()
			c.Registries = append(c.Registries, inner.registry(e, c))
		}
	}
	slices.SortFunc(c.Registries, func(a, b Registry) int { return cmp.Compare(a.Host, b.Host) })
}

// wrongLogin reports a value of the wrong type where people put logins, and shows nothing of it; a broken one is reported already.
func (s settings) wrongLogin(v tfvars.Value, want option.Kind) {
	s.Hide(v.At)
	if v.Shape != tfvars.Broken {
		s.Fail(v.At, Fault{Code: tfvars.CodeWrongType, Summary: v.Path + " must be a " + string(want), Hint: typeHint(v, want)})
	}
}

// withoutSecrets are the settings of a registry; passwords are refused and left out.
func (s settings) withoutSecrets(registry tfvars.Entry) []tfvars.Entry {
	return slices.DeleteFunc(slices.Clone(registry.Value.Entries), func(e tfvars.Entry) bool {
		name := strings.ToLower(e.Key)
		if !holdsSecret(e) {
			return false
		}
		s.Hide(e.Value.At)
		s.Fail(e.At, Fault{
			Code: codeInFile, Summary: "the " + name + " of a registry stands in the file",
			Detail: "Whoever reads the file, or the log of a run, has it from there: give it a new value.",
			Hint:   "name the environment variable that holds it: password_env = " + tfvars.Quote(variableFor(registry.Key)),
		})
		return true
	})
}

// holdsSecret tells whether a setting is one that people put passwords into.
func holdsSecret(e tfvars.Entry) bool {
	return slices.Contains([]string{"password", "token", "secret", "auth", "identitytoken"}, strings.ToLower(e.Key))
}

func (s settings) checkHost(e tfvars.Entry) {
	f := Fault{Code: codeHost, Summary: "a registry cannot be called " + tfvars.Quote(e.Key)}
	bare := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(e.Key, "https://"), "http://"))
	bare, _, _ = strings.Cut(bare, "/")
	switch {
	case strings.Contains(e.Key, "@"):
		s.Hide(e.At)
		f.Code, f.Summary = codeInFile, "a login stands in the name of a registry"
		f.Hint = `name the host alone, and the login inside: "ghcr.io" = { username = "acme", password_env = "GHCR_IO_TOKEN" }`
	case slices.Contains([]string{"index.docker.io", "registry-1.docker.io", "hub.docker.com", "registry.hub.docker.com"}, bare):
		f.Hint = `Docker Hub is "docker.io"`
	case ecrHost.MatchString(bare):
		f.Detail = "The instances and the execution role may pull from Amazon ECR already."
		f.Hint = "leave it out"
	case len(e.Key) > 255 || !registryHost.MatchString(e.Key) || !strings.ContainsAny(e.Key, ".:") && e.Key != "localhost":
		f.Hint = "write the host that image names begin with, perhaps with a port"
		if registryHost.MatchString(bare) && strings.ContainsAny(bare, ".:") {
			f.Hint = "write " + tfvars.Quote(bare)
		}
	default:
		return
	}
	s.Fail(e.At, f)
}

func (s settings) registry(e tfvars.Entry, c *Config) Registry {
	r := Registry{Host: e.Key, Store: s.choice("store")}
	r.Username, _ = s.text("username")
	r.PasswordEnv, _ = s.text("password_env")
	r.PasswordFile, _ = s.text("password_file")
	r.SecretARN, _ = s.text("secret_arn")
	if !s.tokens(r.Host, "password_env", "password_file", "secret_arn") {
		s.checkLogin(r, e)
		s.checkTexts(r)
		s.checkSecret(r, c)
		s.checkStore(r, c)
	}
	return r
}

// tokens refuses a token that was written where its variable, file or secret shall be named.
func (s settings) tokens(host string, names ...string) bool {
	for _, name := range s.present(names...) {
		v := s.values[name]
		if text, ok := v.Text(); ok && tokenText.MatchString(text) {
			s.Hide(v.At)
			s.Fail(v.At, Fault{
				Code: codeInFile, Summary: v.Path + " is a token itself",
				Detail: "Whoever reads the file, or the log of a run, has it from there: give it a new value.",
				Hint:   "name the environment variable that holds it: password_env = " + tfvars.Quote(variableFor(host)),
			})
			return true
		}
	}
	return false
}

// checkLogin wants one clear way to log in.
func (s settings) checkLogin(r Registry, e tfvars.Entry) {
	f := Fault{Code: codeLogin}
	at := e.At
	_, named := s.values["username"]
	sources := s.present("password_env", "password_file", "secret_arn")
	switch {
	case len(sources) > 1:
		at = s.values[sources[1]].At
		f.Summary = "the registry " + tfvars.Quote(r.Host) + " has both " + sources[0] + " and " + sources[1]
		f.Hint = "keep one of the two"
	case len(sources) == 0 && slices.ContainsFunc(e.Value.Entries, holdsSecret):
		return // its own fault says what to write instead
	case len(sources) == 0:
		f.Summary = "nothing says where the password of the registry " + tfvars.Quote(r.Host) + " comes from"
		f.Hint = "name the environment variable that holds it: password_env = " + tfvars.Quote(variableFor(r.Host))
	case sources[0] == "secret_arn" && named:
		at = s.values["username"].At
		f.Summary = "the registry " + tfvars.Quote(r.Host) + " has both secret_arn and username"
		f.Detail = "The secret holds the username too."
		f.Hint = "leave username out"
	case sources[0] != "secret_arn" && !named:
		f.Summary = "the registry " + tfvars.Quote(r.Host) + " has no username"
		f.Hint = `add username = "…"; registries that take a token want any name beside it`
	default:
		return
	}
	s.Fail(at, f)
}

// present are those of the names that the file sets.
func (s settings) present(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { _, ok := s.values[name]; return !ok })
}

// variableFor is a good name for the variable of a registry's password.
func variableFor(host string) string {
	if !registryHost.MatchString(host) {
		return "REGISTRY_TOKEN"
	}
	return strings.ToUpper(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(host, "_")) + "_TOKEN"
}

// checkTexts wants texts that can be what they are said to be.
func (s settings) checkTexts(r Registry) {
	for _, one := range []struct {
		name, text, what, hint string
		form                   *regexp.Regexp
	}{
		{"username", r.Username, "what a user can be called", "1 to 255 ASCII characters, no colon, no blanks at the ends", userText},
		{"password_env", r.PasswordEnv, "the name of a variable", "letters, digits and _, without $", variableName},
	} {
		if v, ok := s.values[one.name]; ok && v.Shape == tfvars.Scalar && !one.form.MatchString(one.text) {
			s.Hide(v.At) // it may be the password
			s.Fail(v.At, Fault{Code: codeIllegalText, Summary: v.Path + " is not " + one.what, Hint: one.hint})
		}
	}
	if v, ok := s.values["password_file"]; ok && r.PasswordFile == "" && v.Shape == tfvars.Scalar {
		s.Fail(v.At, Fault{Code: codeIllegalText, Summary: v.Path + ` cannot be ""`, Hint: "the path of the file that holds the password"})
	}
}

// checkSecret wants the whole ARN of a secret in the cluster's region: IAM's policy names it exactly.
func (s settings) checkSecret(r Registry, c *Config) {
	v, ok := s.values["secret_arn"]
	if !ok || v.Shape != tfvars.Scalar {
		return
	}
	f := Fault{Code: codeLogin, Summary: v.Path + " cannot be " + tfvars.Quote(r.SecretARN)}
	parts := secretARN.FindStringSubmatch(r.SecretARN)
	switch {
	case parts == nil:
		f.Detail = "It is no secret's whole ARN, with the six characters at its end."
		f.Hint = "aws secretsmanager describe-secret --region " + c.Region + " --secret-id NAME --query ARN"
	case parts[1] != c.Region:
		f.Detail = "It is a secret of " + parts[1] + ", and the cluster is in " + c.Region + "."
		f.Hint = "copy it there: aws secretsmanager replicate-secret-to-regions --region " + parts[1] + " --secret-id " + r.SecretARN +
			" --add-replica-regions Region=" + c.Region
	default:
		return
	}
	s.Fail(v.At, f)
}

// checkStore refuses S3 where nothing would come of it.
func (s settings) checkStore(r Registry, c *Config) {
	v := s.values["store"]
	if r.Store != S3 {
		return
	}
	if r.SecretARN != "" {
		s.Fail(v.At, Fault{
			Code: codeNotHere, Summary: v.Path + " cannot be \"s3\" with secret_arn", Detail: "The secret stays where it is.",
			Hint: "leave store out, or give username and password_env instead of secret_arn",
		})
	}
	rockets := slices.DeleteFunc(slices.Clone(c.Groups), func(g Group) bool { return g.AMIFamily != Bottlerocket })
	if len(rockets) == 0 {
		return
	}
	report := s.Warn // other groups have use for it
	if len(rockets) == len(c.Groups) {
		report = s.Fail
	}
	report(v.At, Fault{
		Code: codeNotHere, Summary: v.Path + " is nothing for group " + tfvars.Quote(rockets[0].Name) + ", whose instances run Bottlerocket",
		Detail: "Nothing on them could fetch the logins and watch for new ones.", Hint: `leave store out: ECS reads the secret at each task start`,
	})
}
