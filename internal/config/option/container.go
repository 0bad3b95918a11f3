package option

import "slices"

// container are the settings about what runs on every instance.
func container() []Option { return slices.Concat(contained(), hosted()) }

// contained are those about the container itself.
func contained() []Option {
	return []Option{
		{
			Name: "system_containers", Kind: Maps, Scope: Top, Def: `{}`,
			Example: `{ agent = { image = "public.ecr.aws/datadog/agent:7.60.0", memory = 512 } }`,
			Meaning: "Containers that run once on every instance, by name: log routers, metrics and security agents. Each becomes an ECS daemon service.",
		},
		{
			Name: "image", Kind: Text, Scope: Container, Required: true, Example: `"public.ecr.aws/datadog/agent:7.60.0"`,
			Meaning: "The image, with its tag or digest.",
		},
		{
			Name: "cpu", Kind: Number, Scope: Container, Def: `64`, Example: `128`,
			Meaning: "CPU units that are kept for it on every instance; 1024 are one vCPU.",
		},
		{
			Name: "memory", Kind: Number, Scope: Container, Def: `256`, Example: `512`,
			Meaning: "MiB that are kept for it on every instance; it is killed when it uses more.",
		},
		{
			Name: "command", Kind: List, Scope: Container, Words: "the image's", Example: `["--log-level", "info"]`,
			Meaning: "What is passed to the entry point.",
		},
		{
			Name: "entry_point", Kind: List, Scope: Container, Words: "the image's", Example: `["/bin/agent"]`,
			Meaning: "What is started.",
		},
		{
			Name: "environment", Kind: TextMap, Scope: Container, Def: `{}`, Example: `{ DD_SITE = "datadoghq.eu" }`,
			Meaning: "Environment variables. They can be read by everybody who may describe task definitions: no secrets.",
		},
		{
			Name: "secrets", Kind: TextMap, Scope: Container, Def: `{}`,
			Example: `{ DD_API_KEY = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:datadog-1a2b3c" }`,
			Meaning: "Environment variables out of Secrets Manager or Parameter Store, by ARN. The execution role may read exactly these.",
		},
	}
}

// hosted are those about its place on an instance.
func hosted() []Option {
	return []Option{
		{
			Name: "volumes", Kind: TextMap, Scope: Container, Def: `{}`, Example: `{ docker_sock = "/var/run/docker.sock", proc = "/proc:/host/proc:ro" }`,
			Meaning: "Paths of the instance by name: \"/path\", or \"/on/the/instance:/in/the/container\", with \":ro\" behind it to forbid writing.",
		},
		{
			Name: "ports", Kind: List, Scope: Container, Words: "none", Example: `["8125/udp", "24224:24224"]`,
			Meaning: "Ports of the instance that lead into the container: \"host:container/protocol\". Other containers reach them at the instance's address.",
		},
		{
			Name: "groups", Kind: List, Scope: Container, Words: "all instance groups", Example: `["default"]`,
			Meaning: "The instance groups that it runs on. Instances that were there before do not know their group until they are replaced.",
		},
		{
			Name: "network_mode", Kind: Text, Scope: Container, Def: `"bridge"`, Choices: []string{"bridge", "host", "none"}, Example: `"host"`,
			Meaning: "Docker's bridge with mapped ports, the instance's own network, or none.",
		},
		{
			Name: "pid_mode", Kind: Text, Scope: Container, Def: `""`, Words: "its own", Choices: []string{"", "host"}, Example: `"host"`,
			Meaning: "\"host\" lets it see every process of the instance.",
		},
		{
			Name: "privileged", Kind: Bool, Scope: Container, Def: `false`, Example: `true`,
			Meaning: "Root on the instance. The agents of its groups must allow it then, which new instances do.",
		},
		{
			Name: "task_role_arn", Kind: Text, Scope: Container, Def: `""`, Words: "the cluster's task role, which may do nothing",
			Example: `"arn:aws:iam::123456789012:role/ecs/logs-router"`,
			Meaning: "The IAM role that the container takes for its own calls to AWS.",
		},
	}
}
