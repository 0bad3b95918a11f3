package cli

import (
	"maps"
	"slices"
)

// codes are the codes of errors that are neither in the file nor findings.
func codes() []string { return slices.Sorted(maps.Keys(pages())) }

// explain is the page of one of them.
func explain(code string) (string, bool) {
	text, ok := pages()[code]
	return text, ok
}

func pages() map[string]string {
	return map[string]string{
		"AWS001": `AWS001: no usable AWS credentials

The call was refused because there are no credentials, they are wrong, or they have expired.

  try it without an account    berth apply --sim
  log in                       aws sso login --profile NAME, then berth --profile NAME …
  say which profile            aws_profile in ecs.tfvars, or --profile`,
		"AWS002": `AWS002: a permission is missing

AWS knows who you are and says that you may not do this. The error names the one action that is missing, as IAM writes
it. Allow it to the identity that runs berth and run the same command again: it goes on where it stopped.`,
		"AWS003": `AWS003: AWS does not answer

No answer came, or AWS broke down while answering, several times. Whether the call was carried out is open; the next
run looks first and goes on from what it finds. Check aws_region, the network, and AWS's health dashboard.`,
		"AWS004": `AWS004: AWS refused a call

The line has the operation, AWS's own code and text, and the request's id for AWS support.`,
		"IMP001": `IMP001: the plan interrupts service

One of its changes has the impact outage: minutes without service. --yes answers questions up to brief only.

  look at it            berth plan
  do it all the same    berth apply --yes --allow-outage`,
		"IMP002": `IMP002: the cluster is protected

The file says protect = true, so destroy refuses, whatever the flags. Set it to false first.`,
		"LCK001": `LCK001: somebody else works on the cluster

One run at a time may write. The line says who holds the cluster and since when. A run that died loses its hold by
itself after 90 seconds; the next one then takes over.`,
		"LCK002": `LCK002: the hold on the cluster was lost

Another run took over because this one did not show a sign of life for 90 seconds. It stopped before its next write.`,
		"OWN001": `OWN001: something that is not berth's is in the way

A resource has the name that one of ours needs, but not our tags. berth never touches what it did not make, and makes
nothing while the name is taken. Rename the cluster in the file, or delete the other yourself.`,
		"OWN002": `OWN002: something foreign lies in the VPC

AWS refuses to delete a VPC with anything in it. What berth did not make it does not delete, so it stops before it
deletes anything. Delete it or move it away, and run destroy again.`,
		"PLN001": `PLN001: the plan is stale

A plan fits exactly what it was made from. Since then the file or AWS has changed. Make and look at a new one.`,
		"PLN002": `PLN002: the changes wait for each other

The file gives a new subnet the addresses of one that goes, while what stands in the old one must move to the new one
first. Give the new subnet a range that no subnet has now, or go there in two steps.`,
		"PLN003": `PLN003: no plan could be read

The file is not there, or it is not a plan that this version of berth wrote.`,
		"QTA001": `QTA001: a quota of the account would be exceeded

AWS limits how many VPCs, Elastic IPs and so on an account may have in a region. Nothing was made. Ask for more in the
Service Quotas console, or free some.`,
		"SIM001": `SIM001: the simulation is in use

One process at a time may use the state folder of the embedded AWS. To let several clients use one world at the same
time, serve it: berth sim serve, then --endpoint-url http://127.0.0.1:4566.`,
		"SIM002": `SIM002: the simulation was kept by another version

The state of the embedded AWS cannot be read by this version. Forget it: berth sim reset.`,
		"USE001": `USE001: the command line cannot be understood

The line says what is wrong with it; --help lists what a verb takes.`,
		"USE002": `USE002: nobody can be asked

The verb asks before it changes anything, but there is no terminal, or CI is set. Pass --yes to answer beforehand.`,
		"USE003": `USE003: not confirmed

The answer was not the word that was asked for. Nothing was changed.`,
		"USE004": `USE004: there is no such code

explain knows every code that berth prints.`,
	}
}
