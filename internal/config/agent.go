package config

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
	"berth/internal/spell"
)

// form is how the agent wants a setting to be written.
type form int

const (
	anything form = iota
	truth
	number
	duration
	oneOf
)

// agentSetting is one variable that the ECS agent reads.
type agentSetting struct {
	name    string
	form    form
	choices string // of oneOf, with blanks between
}

// agentSettings are the variables that may be set from the file (ECS developer guide, "Amazon ECS container agent
// configuration"; the agent's own reference has some more).
func agentSettings() []agentSetting {
	var out []agentSetting
	for _, line := range []struct {
		form  form
		names string
	}{
		{truth, `ECS_ALLOW_OFFHOST_INTROSPECTION_ACCESS ECS_APPARMOR_CAPABLE ECS_AWSVPC_BLOCK_IMDS ECS_DISABLE_DOCKER_HEALTH_CHECK
			ECS_DISABLE_IMAGE_CLEANUP ECS_DISABLE_METRICS ECS_DISABLE_PRIVILEGED ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE
			ECS_ENABLE_CONTAINER_METADATA ECS_ENABLE_GPU_SUPPORT ECS_ENABLE_HIGH_DENSITY_ENI ECS_ENABLE_RUNTIME_STATS
			ECS_ENABLE_TASK_CPU_MEM_LIMIT ECS_ENABLE_TASK_ENI ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST ECS_ENABLE_UNTRACKED_IMAGE_CLEANUP
			ECS_EXCLUDE_IPV6_PORTBINDING ECS_GMSA_SUPPORTED ECS_POLL_METRICS ECS_PULL_DEPENDENT_CONTAINERS_UPFRONT ECS_SELINUX_CAPABLE
			ECS_SHARED_VOLUME_MATCH_FULL_CONFIG ECS_SKIP_LOCALHOST_TRAFFIC_FILTER ECS_UPDATES_ENABLED ECS_WARM_POOLS_CHECK`},
		{number, `ECS_LOG_MAX_FILE_SIZE_MB ECS_LOG_MAX_ROLL_COUNT ECS_NUM_IMAGES_DELETE_PER_CYCLE ECS_RESERVED_MEMORY ECS_TASK_PIDS_LIMIT`},
		{duration, `ECS_CGROUP_CPU_PERIOD ECS_CONTAINER_CREATE_TIMEOUT ECS_CONTAINER_START_TIMEOUT ECS_CONTAINER_STOP_TIMEOUT
			ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION_JITTER ECS_IMAGE_CLEANUP_INTERVAL
			ECS_IMAGE_MINIMUM_CLEANUP_AGE ECS_IMAGE_PULL_INACTIVITY_TIMEOUT ECS_IMAGE_PULL_TIMEOUT ECS_MANIFEST_PULL_TIMEOUT
			ECS_POLLING_METRICS_WAIT_DURATION NON_ECS_IMAGE_MINIMUM_CLEANUP_AGE`},
		{anything, `CREDENTIALS_FETCHER_HOST CREDENTIALS_FETCHER_SECRET_NAME_FOR_DOMAINLESS_GMSA ECS_AGENT_APPARMOR_PROFILE
			ECS_AGENT_HEALTHCHECK_HOST ECS_AGENT_LABELS ECS_AWSVPC_ADDITIONAL_LOCAL_ROUTES ECS_CGROUP_PATH ECS_CNI_PLUGINS_PATH
			ECS_CONTAINER_INSTANCE_TAGS ECS_DYNAMIC_HOST_PORT_RANGE ECS_EXCLUDE_UNTRACKED_IMAGE ECS_LOGFILE ECS_LOG_OPTS ECS_NVIDIA_RUNTIME
			ECS_OFFHOST_INTROSPECTION_INTERFACE_NAME ECS_RESERVED_PORTS ECS_RESERVED_PORTS_UDP ECS_TASK_METADATA_RPS_LIMIT HTTP_PROXY
			NO_PROXY`},
	} {
		for name := range strings.FieldsSeq(line.names) {
			out = append(out, agentSetting{name: name, form: line.form})
		}
	}
	const levels = "crit error warn info debug"
	return append(out,
		agentSetting{"ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM", oneOf, "ec2_instance none"},
		agentSetting{"ECS_IMAGE_PULL_BEHAVIOR", oneOf, "default always once prefer-cached"},
		agentSetting{"ECS_LOGLEVEL", oneOf, levels},
		agentSetting{"ECS_LOGLEVEL_ON_INSTANCE", oneOf, "none " + levels},
		agentSetting{"ECS_LOG_DRIVER", oneOf, "awslogs fluentd gelf json-file journald logentries syslog splunk"},
		agentSetting{"ECS_LOG_OUTPUT_FORMAT", oneOf, "logfmt json"},
		agentSetting{"ECS_LOG_ROLLOVER_TYPE", oneOf, "size hourly"},
	)
}

// owned are the variables that the file must not set, each with what to do instead.
func owned(name string) (hint string, is bool) {
	hint, is = map[string]string{
		"ECS_CLUSTER":                       `the cluster's name is the setting cluster`,
		"ECS_AVAILABLE_LOGGING_DRIVERS":     `write ecs_logging = ["json-file", "awslogs"]`,
		"ECS_INSTANCE_ATTRIBUTES":           `write attributes = { name = "value" }`,
		"ECS_ENABLE_SPOT_INSTANCE_DRAINING": `leave it out: berth sets it where spot = true`,
		"ECS_ENABLE_TASK_IAM_ROLE":          `leave it out: without it no task could take a role of its own`,
		"ECS_BACKEND_HOST":                  `leave it out: the agent finds the ECS of its region`,
		"ECS_CHECKPOINT":                    `leave it out: without its memory the agent would join anew at each start`,
		"ECS_DATADIR":                       `leave it out: the image mounts the agent's data where it is`,
		"ECS_HOST_DATA_DIR":                 `leave it out: the image mounts the agent's data where it is`,
		"ECS_ALTERNATE_CREDENTIAL_PROFILE":  `leave it out: the instance has a role`,
		"DOCKER_HOST":                       `leave it out: the image says where Docker listens`,
		"AWS_DEFAULT_REGION":                `leave it out: the agent knows the region that it runs in`,
	}[name]
	return hint, is
}

// secretSettings are the variables whose values would be secrets, each with where these come from instead.
func secretSettings(name string) (hint string, is bool) {
	const role = "leave it out: the instance has a role"
	hint, is = map[string]string{
		"ECS_ENGINE_AUTH_DATA":  `write registries = { "docker.io" = { username = "…", password_env = "DOCKERHUB_TOKEN" } }`,
		"ECS_ENGINE_AUTH_TYPE":  `write registries = { "docker.io" = { username = "…", password_env = "DOCKERHUB_TOKEN" } }`,
		"AWS_ACCESS_KEY_ID":     role,
		"AWS_SECRET_ACCESS_KEY": role,
		"AWS_SESSION_TOKEN":     role,
	}[name]
	return hint, is
}

// agentConfig reads the settings of the agent.
func (s settings) agentConfig() []Tag {
	v, given := s.values["ecs_config"]
	if given && v.Shape == tfvars.Scalar {
		s.shellText(v)
		return nil
	}
	if given && v.Shape != tfvars.Table {
		s.wrongLogin(v, option.TextMap)
		return nil
	}
	out := s.pairs("ecs_config", s.checkAgent)
	s.checkProxy(out)
	return out
}

// shellText refuses what used to be a piece of shell, and does not show it: people put their logins there.
func (s settings) shellText(v tfvars.Value) {
	s.Hide(v.At)
	s.Fail(v.At, Fault{
		Code: tfvars.CodeWrongType, Summary: v.Path + " must be a " + string(option.TextMap) + ", not a single text",
		Detail: "It was a piece of shell once. Now it names the settings, and berth writes the file of the agent.",
		Hint: `write the settings: ecs_config = { ECS_IMAGE_PULL_BEHAVIOR = "prefer-cached" }` + "\n" +
			`for private registries: registries = { "docker.io" = { username = "…", password_env = "DOCKERHUB_TOKEN" } }` + "\n" +
			"other commands stand in custom_userdata",
	})
}

// checkAgent refuses names that the agent does not know or that are not for the file, and values that it would not take.
func (s settings) checkAgent(e tfvars.Entry, text string) {
	f := Fault{Summary: "the agent's setting " + tfvars.Quote(e.Key)}
	if hint, is := secretSettings(e.Key); is {
		s.Hide(e.Value.At)
		f.Code, f.Summary, f.Hint = codeInFile, f.Summary+" would put a secret into the file", hint
		s.Fail(e.At, f)
		return
	}
	if hint, is := owned(e.Key); is {
		f.Code, f.Summary, f.Hint = codeAgentOwned, f.Summary+" is not for ecs_config", hint
		s.Fail(e.At, f)
		return
	}
	var names []string
	for _, known := range agentSettings() {
		if names = append(names, known.name); known.name == e.Key {
			s.checkAgentValue(e, known, text)
			return
		}
	}
	f.Code, f.Summary = codeAgentName, f.Summary+" does not exist"
	f.Hint = "they begin with ECS_: see Amazon ECS container agent configuration in the ECS developer guide"
	if near := spell.Nearest(strings.ToUpper(e.Key), names); near != "" {
		f.Hint = "did you mean " + near + "?"
	}
	s.Fail(e.At, f)
}

func (s settings) checkAgentValue(e tfvars.Entry, known agentSetting, text string) {
	f := Fault{Code: codeAgentValue, Summary: e.Value.Path + " cannot be " + tfvars.Quote(text)}
	n, countErr := strconv.Atoi(text)
	switch {
	case text == "" || text != strings.TrimSpace(text) || strings.ContainsFunc(text, unicode.IsControl):
		f.Hint = "one line of text, without blanks at the ends"
	case known.form == truth && text != "true" && text != "false":
		f.Hint = "true or false"
	case known.form == number && (countErr != nil || n < 0):
		f.Hint = "a whole number"
	case known.form == duration && !isSpan(text):
		f.Hint = `a span of time such as "10m" or "1h30m"`
	case known.form == oneOf && !slices.Contains(strings.Fields(known.choices), text):
		f.Hint = "one of: " + strings.ReplaceAll(known.choices, " ", ", ")
	default:
		return
	}
	s.Fail(e.Value.At, f)
}

// isSpan tells whether a text is a span of time for the agent.
func isSpan(text string) bool {
	span, err := time.ParseDuration(text)
	return err == nil && span >= 0
}

// proxyLogin finds a user's name and password in a proxy's address.
var proxyLogin = regexp.MustCompile(`^([a-zA-Z]+://)?[^/]*@`)

// checkProxy keeps the agent's way to Docker and to the instance's metadata open, and passwords out of the file.
func (s settings) checkProxy(all []Tag) {
	values := map[string]string{}
	for _, a := range all {
		values[a.Key] = a.Value
	}
	proxy, given := values["HTTP_PROXY"]
	if !given {
		return
	}
	at := s.values["ecs_config"].At
	for _, e := range s.table("ecs_config") {
		if e.Key == "HTTP_PROXY" {
			at = e.Value.At
		}
	}
	if proxyLogin.MatchString(proxy) {
		s.Hide(at)
		s.Fail(at, Fault{
			Code: codeInFile, Summary: "the agent's proxy has a login in its address",
			Hint: "let the instances in without one, by their security group: HTTP_PROXY = \"proxy.example.com:3128\"",
		})
		return
	}
	for _, must := range []string{"169.254.169.254", "169.254.170.2", "/var/run/docker.sock"} {
		if !strings.Contains(values["NO_PROXY"], must) {
			s.Fail(at, Fault{
				Code: codeAgentValue, Summary: "with HTTP_PROXY, the agent needs " + must + " in NO_PROXY",
				Detail: "It would ask the proxy for the instance's own metadata and for Docker, and never join.",
				Hint:   `add NO_PROXY = "169.254.169.254,169.254.170.2,/var/run/docker.sock"`,
			})
			return
		}
	}
}

// OnBottlerocket are the variables of ecs_config that Bottlerocket has settings for (Bottlerocket, "settings.ecs"), sorted.
func OnBottlerocket() []string {
	return []string{
		"ECS_AWSVPC_BLOCK_IMDS", "ECS_CONTAINER_STOP_TIMEOUT", "ECS_DISABLE_IMAGE_CLEANUP", "ECS_DISABLE_PRIVILEGED",
		"ECS_ENABLE_CONTAINER_METADATA", "ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION", "ECS_IMAGE_CLEANUP_INTERVAL",
		"ECS_IMAGE_MINIMUM_CLEANUP_AGE", "ECS_IMAGE_PULL_BEHAVIOR", "ECS_LOGLEVEL", "ECS_NUM_IMAGES_DELETE_PER_CYCLE", "ECS_RESERVED_MEMORY",
	}
}

// rocketSpan is how Bottlerocket takes a span of time: every unit at most once, the largest first (Bottlerocket, "settings.ecs").
var rocketSpan = regexp.MustCompile(`^(([0-9]+\.)?[0-9]+h)?(([0-9]+\.)?[0-9]+m)?(([0-9]+\.)?[0-9]+s)?(([0-9]+\.)?[0-9]+ms)?(([0-9]+\.)?[0-9]+[uµ]s)?(([0-9]+\.)?[0-9]+ns)?$`)

// checkAgentFamily refuses what a group of Bottlerocket would have to leave out: it has no file of the agent's. What Bottlerocket
// would not take it must not get either: it takes all settings or none, and with none it never joins.
func (s settings) checkAgentFamily(g Group) {
	if g.AMIFamily != Bottlerocket {
		return
	}
	for _, e := range s.values["ecs_config"].Entries {
		if slices.Contains(OnBottlerocket(), e.Key) {
			s.checkRocketValue(e)
			continue
		}
		if !slices.ContainsFunc(agentSettings(), func(a agentSetting) bool { return a.name == e.Key }) {
			continue // an unknown name is reported already
		}
		s.Fail(e.At, Fault{
			Code: codeNotHere, Summary: "the agent's setting " + e.Key + " means nothing to Bottlerocket, which group " + tfvars.Quote(g.Name) + " starts from",
			Detail: "Bottlerocket has settings of its own for some of the agent's, and none for this one.",
			Hint:   "give the group an ecs_config without it; what else Bottlerocket can set stands in custom_userdata",
		})
	}
}

// checkRocketValue refuses values that only the agent itself would take.
func (s settings) checkRocketValue(e tfvars.Entry) {
	text, _ := e.Value.Text()
	n, _ := strconv.Atoi(text)
	ofTime := slices.Contains(agentSettings(), agentSetting{name: e.Key, form: duration})
	f := Fault{Code: codeAgentValue, Summary: e.Value.Path + " cannot be " + tfvars.Quote(text) + " on Bottlerocket"}
	switch {
	case ofTime && isSpan(text) && !rocketSpan.MatchString(text):
		span, _ := time.ParseDuration(text)
		f.Hint = "write " + tfvars.Quote(span.String())
	case e.Key == "ECS_RESERVED_MEMORY" && n > math.MaxUint16:
		f.Hint = "a whole number up to 65535 (MiB)"
	default:
		return
	}
	s.Fail(e.Value.At, f)
}
