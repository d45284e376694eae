#!/usr/bin/perl
# An OAI-PMH provider built on Perl's HTTP::OAI, for tests: perl oai_provider.pl PORT SHELF PAGE_SIZE
# SHELF has a line for each item: identifier, datestamp, "deleted" or "live", MARCXML (no tabs or line ends), parted by tabs.
# It is read anew for each request, so that a test can change it. Requests are checked by HTTP::OAI::Repository and the
# answers are written by HTTP::OAI; only the paging is done here.
use strict;
use warnings;
use HTTP::OAI;
use HTTP::OAI::Repository qw(:validate);
use IO::Socket::INET;
use URI;
use XML::LibXML;

my ($port, $shelf, $size) = @ARGV;
my $base = "http://127.0.0.1:$port/oai";
my $server = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 16, ReuseAddr => 1
) or die "cannot listen on $port: $!";

while (my $client = $server->accept) {
    my $line = <$client> // '';
    while (my $header = <$client>) { last if $header =~ /^\r?\n$/ }
    if ($line =~ m{^GET (\S+) }) {
        my $uri = URI->new("http://127.0.0.1:$port$1");
        my $body = answer($uri)->dom->toString;
        print $client "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nConnection: close\r\n"
            . 'Content-Length: ' . length($body) . "\r\n\r\n" . $body;
    }
    close $client;
}

sub answer {
    my ($uri) = @_;
    my %asked = $uri->query_form;
    my $response = HTTP::OAI::Response->new(requestURL => "$uri");
    my @errors = validate_request(%asked);
    if (!@errors) {
        my $verb = $asked{verb};
        my %answers = (Identify => \&identify, ListMetadataFormats => \&formats, ListRecords => \&records);
        my $made = $answers{$verb} ? $answers{$verb}->(%asked) : fault('badVerb');
        if ($made->isa('HTTP::OAI::Error')) { push @errors, $made }
        else { $response->content($made) }
    }
    $response->error($_) for @errors;
    return $response;
}

sub fault { return HTTP::OAI::Error->new(code => $_[0]) }

sub identify {
    return HTTP::OAI::Identify->new(
        repositoryName => 'Perl', baseURL => $base, protocolVersion => '2.0', adminEmail => 'a@example.org',
        earliestDatestamp => '2020-01-01T00:00:00Z', deletedRecord => 'persistent',
        granularity => 'YYYY-MM-DDThh:mm:ssZ'
    );
}

sub formats {
    my $list = HTTP::OAI::ListMetadataFormats->new;
    for (['oai_dc', 'http://www.openarchives.org/OAI/2.0/oai_dc/'], ['marcxml', 'http://www.loc.gov/MARC21/slim']) {
        $list->metadataFormat(HTTP::OAI::MetadataFormat->new(
            metadataPrefix => $_->[0], schema => "$_->[1].xsd", metadataNamespace => $_->[1]));
    }
    return $list;
}

sub records {
    my %asked = @_;
    my ($prefix, $start, $from, $until) = ($asked{metadataPrefix}, 0, $asked{from} // '', $asked{until} // '');
    if (defined $asked{resumptionToken}) {
        ($prefix, $start, $from, $until) = split m{/}, $asked{resumptionToken}, 4;
        return fault('badResumptionToken') unless defined $until;
    }
    return fault('cannotDisseminateFormat') if $prefix ne 'marcxml';
    open my $handle, '<:raw', $shelf or die "cannot read $shelf: $!";
    my @items = grep { $_->[1] ge $from && (!$until || $_->[1] le $until) } map { chomp; [split /\t/, $_, 4] } <$handle>;
    return fault('noRecordsMatch') unless @items;
    my $end = $start + $size < @items ? $start + $size : @items;
    my $list = HTTP::OAI::ListRecords->new;
    $list->record(record($_)) for @items[$start .. $end - 1];
    $list->resumptionToken(HTTP::OAI::ResumptionToken->new(
        resumptionToken => "$prefix/$end/$from/$until", completeListSize => scalar(@items), cursor => $start
    )) if $end < @items;
    return $list;
}

sub record {
    my ($identifier, $datestamp, $state, $xml) = @{$_[0]};
    my @status = $state eq 'deleted' ? (status => 'deleted') : ();
    my $record = HTTP::OAI::Record->new(
        header => HTTP::OAI::Header->new(identifier => $identifier, datestamp => $datestamp, @status));
    return $record if @status;
    my $dom = XML::LibXML->load_xml(string => "<metadata xmlns=\"http://www.openarchives.org/OAI/2.0/\">$xml</metadata>");
    my $metadata = HTTP::OAI::Metadata->new;
    $metadata->{dom} = $dom;
    $record->metadata($metadata);
    return $record;
}
