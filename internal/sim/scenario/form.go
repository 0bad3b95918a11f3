package scenario

import "strings"

// Form is one thing that can be said. In its text small words stand for themselves, capitals for places, and what is in
// brackets may be left out.
type Form struct{ Text, Meaning string }

// Forms are all sentences, by what they are about.
func Forms() []Form {
	return []Form{
		{"throttle CALL [for TIME] [COUNT times]", "AWS refuses the call as one too many"},
		{"break CALL [for TIME] [COUNT times]", "AWS breaks down before the effect: 500 InternalError"},
		{"lose requests of CALL [for TIME] [COUNT times]", "the connection is cut before the effect"},
		{"lose answers of CALL [for TIME] [COUNT times]", "the connection is cut after the effect"},
		{"refuse CALL with CODE [saying TEXT] [status NUMBER] [for TIME] [COUNT times]", "AWS refuses the call with this error"},
		{"stale reads of CALL [for TIME] [COUNT times]", "a read sees what was before the last writes"},
		{"heal calls", "no call goes wrong any more"},
		{"weather WORD", "calls go wrong at random, by the seed: rough is 2% throttled, 0.5% broken, 0.5% lost, 0.5% with lost answers and 1% of reads stale; storm is 4%, 3%, 2%, 3% and 5%; calm is none"},
		{"quota CODE is NUMBER", "a service quota has this value"},
		{"no capacity in ZONE [for TIME]", "nothing can be launched in a zone"},
		{"no capacity for TYPE in ZONE [for TIME]", "an instance type cannot be launched in a zone"},
		{"no capacity for TYPE [for TIME]", "an instance type cannot be launched anywhere"},
		{"zone ZONE down [for TIME]", "a zone has no power: its instances are dark, none can be launched; at the end they boot anew, without their tasks"},
		{"zone ZONE cut off [for TIME]", "nothing reaches a zone and it reaches nothing; what runs there runs on"},
		{"interrupt spot instance INSTANCE", "EC2 takes a Spot Instance back, two minutes after it has said so"},
		{"interrupt spot instances in ZONE", "EC2 takes all Spot Instances of a zone back, two minutes after it has said so"},
		{"instance INSTANCE impaired [for TIME]", "an instance hangs: it answers nobody, and its status check fails"},
		{"terminate instance INSTANCE", "the machine of an instance is lost"},
		{"agent of INSTANCE gone [for TIME]", "the ECS agent of an instance is disconnected; the instance and its tasks run on"},
		{"image AMI never boots [for TIME]", "instances launched from an image meanwhile run, but never boot"},
		{"image AMI never registers [for TIME]", "instances launched from an image meanwhile boot, but never join their cluster"},
		{"pulls of IMAGE fail as HOW [for TIME]", "images whose names begin like this cannot be pulled: missing, unauthorized, ratelimited, unreachable, or disk-full on the instance; instances that have one already use it"},
		{"secret ARN exists", "Secrets Manager has a secret with this ARN, of somebody else's: files that name one can then be rehearsed"},
		{"parameter NAME exists", "the Parameter Store of Systems Manager has a parameter of this name, of somebody else's: task definitions that name one can then be rehearsed"},
		{"role ARN exists", "IAM has a role with this ARN, of somebody else's, which tasks may take: files that name one can then be rehearsed"},
		{"heal outages", "all zones, instances, agents, images and pulls are well again, and nothing lacks capacity"},
		{"offer COUNT requests per second to NAME", "from now on so many requests come to each listener rule of a service or a load balancer"},
		{"assert service NAME never below COUNT running", "from now on the service always has this many running tasks"},
		{"assert cluster NAME never below COUNT instances", "from now on the cluster always has this many connected, active instances"},
		{"assert service NAME never below COUNT healthy", "from now on the service always has this many tasks that ECS counts as healthy, so that its deployments would"},
		{"assert service NAME reaches a steady state within TIME", "by then at the latest the service has what it is to have, of one deployment only"},
		{"assert no task of NAME stops", "from now on no task of the service is stopped or ends"},
		{"assert service NAME runs COUNT", "the service has this many running tasks at this moment"},
		{"assert no request fails [of NAME]", "from now on no request fails, of a service or a load balancer, or of all"},
		{"assert fewer than COUNT requests fail [of NAME]", "from now on fewer requests fail, counted together, of a service or a load balancer, or of all"},
	}
}

// part is a piece of a form: words that follow each other, all or none if optional.
type part struct {
	words    []string
	optional bool
}

// parts cuts a form's text at its brackets.
func (f Form) parts() []part {
	var out []part
	for rest := f.Text; rest != ""; {
		before, after, found := strings.Cut(rest, "[")
		if words := strings.Fields(before); len(words) > 0 {
			out = append(out, part{words: words})
		}
		if !found {
			break
		}
		inside, tail, _ := strings.Cut(after, "]")
		out = append(out, part{words: strings.Fields(inside), optional: true})
		rest = tail
	}
	return out
}

// isPlace tells whether a word of a form stands for something.
func isPlace(word string) bool { return word == strings.ToUpper(word) }
